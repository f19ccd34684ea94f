{#-
    A returned row is a downtime that ended before it began, or that began before the last one of its unit had ended.
-#}
with

downtimes as (

    select
        *,
        lag(ended_at) over (partition by unit_id order by started_at, unit_downtime_id)
            as previous_ended_at,
        lag(unit_downtime_id) over (partition by unit_id order by started_at, unit_downtime_id)
            as previous_id
    from {{ ref('fct_unit_downtime') }}

)

select
    unit_downtime_id,
    started_at,
    ended_at,
    previous_ended_at
from downtimes
where
    ended_at <= started_at
    or (previous_id is not null and previous_ended_at is null)
    or started_at < previous_ended_at
