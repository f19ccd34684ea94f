with

batches as (

    select * from {{ ref('int_batches__recorded') }}

),

phases as (

    select * from {{ ref('stg_batch__phases') }}

),

golden_batches as (

    select * from {{ ref('int_batches__golden') }}

),

timed_phases as (

    select
        org_id,
        batch_id,
        operation_name,
        {{ epoch_seconds('ended_at') }} - {{ epoch_seconds('started_at') }} as duration_seconds
    from phases

),

operations as (

    select
        org_id,
        batch_id,
        {%- for operation in ['preparation', 'fermentation', 'harvest', 'discard', 'cleaning'] %}
        cast(
            sum(case when operation_name = '{{ operation }}' then duration_seconds else 0 end)
            as bigint
        ) as {{ operation }}_seconds,
        {%- endfor %}
        cast(sum(duration_seconds) as bigint) as recorded_seconds
    from timed_phases
    group by org_id, batch_id

),

timed as (

    select
        batches.*,
        {{ epoch_seconds('batches.ended_at') }} - {{ epoch_seconds('batches.started_at') }}
            as cycle_seconds,
        {{ epoch_seconds('batches.started_at') }}
        - {{ epoch_seconds('lag(batches.ended_at) over (
            partition by batches.org_id, batches.unit_id
            order by batches.started_at
        )') }} as turnaround_seconds
    from batches

),

final as (

    select
        timed.batch_id,
        timed.org_id,
        timed.unit_id,
        golden_batches.batch_id as golden_batch_id,

        timed.recipe_code,
        timed.product_name,
        timed.yield_unit_of_measure,
        timed.batch_status,
        timed.last_phase_name,

        timed.phase_count,
        timed.yield_quantity,
        100 * timed.yield_quantity / nullif(golden_batches.yield_quantity, 0)
            as yield_percent_of_golden,
        timed.yield_quantity * 3600 / nullif(timed.cycle_seconds, 0) as yield_per_hour,
        timed.cycle_seconds,
        timed.cycle_seconds - golden_batches.cycle_seconds as cycle_difference_seconds,
        coalesce(operations.preparation_seconds, 0) as preparation_seconds,
        coalesce(operations.fermentation_seconds, 0) as fermentation_seconds,
        coalesce(operations.harvest_seconds, 0) as harvest_seconds,
        coalesce(operations.discard_seconds, 0) as discard_seconds,
        coalesce(operations.cleaning_seconds, 0) as cleaning_seconds,
        coalesce(operations.recorded_seconds, 0) as recorded_seconds,
        timed.turnaround_seconds,

        timed.is_recorded_from_its_start,
        coalesce(timed.batch_id = golden_batches.batch_id, false) as is_golden,

        timed.started_at,
        timed.ended_at
    from timed
    left join operations
        on
            timed.org_id = operations.org_id
            and timed.batch_id = operations.batch_id
    left join golden_batches
        on
            timed.org_id = golden_batches.org_id
            and timed.recipe_code = golden_batches.recipe_code

)

select * from final
