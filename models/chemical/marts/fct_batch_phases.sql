with

phases as (

    select * from {{ ref('stg_batch__phases') }}

),

batches as (

    select * from {{ ref('int_batches__recorded') }}

),

golden_batches as (

    select * from {{ ref('int_batches__golden') }}

),

timed as (

    select
        *,
        {{ epoch_seconds('ended_at') }} - {{ epoch_seconds('started_at') }} as duration_seconds
    from phases

),

golden_phases as (

    select
        golden_batches.org_id,
        golden_batches.recipe_code,
        timed.phase_no,
        timed.duration_seconds
    from golden_batches
    inner join timed
        on
            golden_batches.org_id = timed.org_id
            and golden_batches.batch_id = timed.batch_id

),

final as (

    select
        timed.batch_phase_key,
        timed.batch_id,
        timed.org_id,
        timed.unit_id,

        batches.recipe_code,
        batches.batch_status,
        timed.phase_name,
        timed.operation_name,

        timed.phase_no,
        timed.duration_seconds,
        golden_phases.duration_seconds as golden_duration_seconds,
        timed.duration_seconds - golden_phases.duration_seconds as duration_difference_seconds,
        {{ epoch_seconds('timed.started_at') }} - {{ epoch_seconds('batches.started_at') }}
            as started_after_seconds,

        timed.started_at,
        timed.ended_at
    from timed
    inner join batches
        on
            timed.org_id = batches.org_id
            and timed.batch_id = batches.batch_id
    left join golden_phases
        on
            batches.org_id = golden_phases.org_id
            and batches.recipe_code = golden_phases.recipe_code
            and timed.phase_no = golden_phases.phase_no

)

select * from final
