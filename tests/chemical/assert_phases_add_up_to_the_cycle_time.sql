{#-
    A returned row is a finished batch whose phases, or whose operations, do not add up to the time from its first recorded
    phase to its end; of a batch that was recorded from its start this is its cycle time.
-#}
with

phases as (

    select
        batch_id,
        sum(duration_seconds) as duration_seconds,
        min(started_at) as first_started_at
    from {{ ref('fct_batch_phases') }}
    group by batch_id

)

select
    batches.batch_id,
    batches.cycle_seconds,
    batches.recorded_seconds
from {{ ref('fct_batches') }} as batches
left join phases
    on batches.batch_id = phases.batch_id
where
    batches.batch_status <> 'running'
    and (
        phases.batch_id is null
        or phases.duration_seconds <> batches.recorded_seconds
        or batches.recorded_seconds
        <> {{ epoch_seconds('batches.ended_at') }} - {{ epoch_seconds('phases.first_started_at') }}
        or batches.recorded_seconds
        <> batches.preparation_seconds + batches.fermentation_seconds + batches.harvest_seconds
        + batches.discard_seconds + batches.cleaning_seconds
        or (
            batches.is_recorded_from_its_start
            and batches.recorded_seconds <> batches.cycle_seconds
        )
    )
