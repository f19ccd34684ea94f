{#-
    A returned row is a finished batch whose phases do not fill the time from its start to its end: there is a gap or an
    overlap, or a phase is missing. A batch that began before the history has only its later phases, and is left out.
-#}
with

phases as (

    select
        batch_id,
        started_at,
        ended_at,
        lag(ended_at) over (partition by batch_id order by phase_no) as previous_ended_at
    from {{ ref('stg_batch__phases') }}

),

per_batch as (

    select
        batch_id,
        min(started_at) as first_started_at,
        max(ended_at) as last_ended_at,
        sum(case when previous_ended_at <> started_at then 1 else 0 end) as break_count
    from phases
    group by batch_id

),

history as (

    select
        unit_id,
        min(ended_at) as began_at
    from {{ ref('stg_batch__phases') }}
    group by unit_id

)

select
    batches.batch_id,
    per_batch.break_count
from {{ ref('stg_batch__batches') }} as batches
left join per_batch
    on batches.batch_id = per_batch.batch_id
left join history
    on batches.unit_id = history.unit_id
where
    per_batch.batch_id is null
    or per_batch.break_count > 0
    or per_batch.last_ended_at <> batches.ended_at
    or (batches.started_at >= history.began_at and per_batch.first_started_at <> batches.started_at)
