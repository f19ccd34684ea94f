with

phases as (

    select * from {{ ref('stg_batch__phases') }}

),

batches as (

    select
        org_id,
        unit_id,
        batch_id,
        min(started_at) as started_at,
        max(ended_at) as last_ended_at
    from phases
    group by org_id, unit_id, batch_id

),

neighbours as (

    select
        *,
        lag(last_ended_at) over (partition by unit_id order by batch_id) as previous_ended_at
    from batches

),

final as (

    select
        unit_id,
        org_id,

        previous_ended_at as started_at,
        started_at as ended_at
    from neighbours
    where started_at > previous_ended_at

)

select * from final
