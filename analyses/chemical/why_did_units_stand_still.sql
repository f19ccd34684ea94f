-- Why did units stand still?
-- Answer: one row per downtime: when, how long, the alarm that sounded last before, and what the
-- shift and the inspection wrote.
-- Look for: a trip without an alarm before it and with an inspection that found nothing is mostly a
-- dip of the power supply. Where the cause is empty, search the logbook around the time.

with

downtimes as (

    select * from {{ ref('fct_unit_downtime') }}

),

units as (

    select * from {{ ref('dim_units') }}

),

alarms as (

    select * from {{ ref('fct_alarms') }}

),

tags as (

    select * from {{ ref('dim_tags') }}

)

select
    units.org_name,
    units.unit_name,
    downtimes.downtime_kind,
    downtimes.started_at,
    downtimes.ended_at,
    cast(downtimes.down_seconds / 3600.0 as decimal(10, 2)) as down_hours,
    tags.tag_name as last_alarm_tag,
    alarms.condition as last_alarm_condition,
    downtimes.report,
    downtimes.cause,
    downtimes.finding
from downtimes
inner join units
    on downtimes.unit_id = units.unit_id
left join alarms
    on downtimes.last_alarm_episode_id = alarms.alarm_episode_id
left join tags
    on alarms.tag_id = tags.tag_id
order by
    downtimes.is_planned asc,
    downtimes.down_seconds desc,
    downtimes.started_at asc,
    units.org_name asc,
    units.unit_name asc
