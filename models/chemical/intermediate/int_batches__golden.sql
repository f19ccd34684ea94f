with

batches as (

    select * from {{ ref('int_batches__recorded') }}

),

ranked as (

    select
        org_id,
        recipe_code,
        batch_id,
        yield_quantity,
        {{ epoch_seconds('ended_at') }} - {{ epoch_seconds('started_at') }} as cycle_seconds,
        row_number() over (
            partition by org_id, recipe_code
            order by yield_quantity desc, batch_id asc
        ) as yield_rank
    from batches
    where
        batch_status = 'completed'
        and is_recorded_from_its_start

),

final as (

    select
        batch_id,
        org_id,
        recipe_code,
        yield_quantity,
        cycle_seconds
    from ranked
    where yield_rank = 1

)

select * from final
