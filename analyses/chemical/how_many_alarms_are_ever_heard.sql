-- How many of the alarms that are set are ever heard?
-- Answer: one row per unit: alarms set, those that sounded, how often and for how long, and the
-- share of the busiest one.
-- Look for: a unit whose load is one alarm needs one limit set better. A unit without a sound in a
-- long time has either quiet operators or limits too far out.

with

units as (

    select * from {{ ref('dim_units') }}

),

tags as (

    select * from {{ ref('dim_tags') }}

),

alarms as (

    select * from {{ ref('fct_alarms') }}
    where is_annunciated

),

set_alarms as (

    select
        unit_id,
        sum(alarm_count) as alarm_count
    from tags
    group by unit_id

),

per_alarm as (

    select
        unit_id,
        alarm_id,
        sum(annunciation_count) as annunciation_count,
        sum(active_seconds) as active_seconds
    from alarms
    group by
        unit_id,
        alarm_id

),

heard_alarms as (

    select
        unit_id,
        count(*) as alarm_count,
        sum(annunciation_count) as annunciation_count,
        max(annunciation_count) as busiest_count,
        sum(active_seconds) as active_seconds
    from per_alarm
    group by unit_id

)

select
    units.org_name,
    units.console_code,
    units.unit_name,
    units.process_model,
    coalesce(set_alarms.alarm_count, 0) as alarms_set,
    coalesce(heard_alarms.alarm_count, 0) as alarms_heard,
    coalesce(heard_alarms.annunciation_count, 0) as annunciation_count,
    cast(
        100.0 * heard_alarms.busiest_count / heard_alarms.annunciation_count as decimal(5, 1)
    ) as percent_of_the_busiest,
    cast(coalesce(heard_alarms.active_seconds, 0) / 3600.0 as decimal(10, 1)) as active_hours
from units
left join set_alarms
    on units.unit_id = set_alarms.unit_id
left join heard_alarms
    on units.unit_id = heard_alarms.unit_id
order by
    annunciation_count desc,
    units.org_name asc,
    units.console_code asc,
    units.unit_name asc
