-- When do alarms come in crowds, and was a unit tripping or starting?
-- Answer: the twenty intervals of ten minutes and consoles with the most alarms: how many, from how
-- many different ones and units, of which priority, and whether a unit tripped or came back then.
-- Look for: more than ten in ten minutes is a flood, which no operator can work off. Crowds around
-- trips and restarts are cured by suppression, others by better limits.

with

alarms as (

    select
        *,
        {{ time_bucket('annunciated_at', 10) }} as interval_at
    from {{ ref('fct_alarms') }}
    where is_annunciated

),

organizations as (

    select * from {{ ref('dim_organizations') }}

),

turns as (

    select
        plant_id,
        started_at as turned_at
    from {{ ref('fct_unit_downtime') }}
    where downtime_kind = 'trip'
    union all
    select
        plant_id,
        ended_at as turned_at
    from {{ ref('fct_unit_downtime') }}
    where downtime_kind = 'trip'

),

intervals as (

    select
        org_id,
        plant_id,
        console_code,
        interval_at,
        count(*) as alarm_count,
        count(distinct alarm_id) as different_alarm_count,
        count(distinct unit_id) as unit_count,
        sum(case when priority = 'high' then 1 else 0 end) as high_count
    from alarms
    group by
        org_id,
        plant_id,
        console_code,
        interval_at

),

intervals_at_a_turn as (

    select distinct
        intervals.plant_id,
        intervals.interval_at
    from intervals
    inner join turns
        on
            intervals.plant_id = turns.plant_id
            and turns.turned_at >= intervals.interval_at - interval '10 minutes'
            and turns.turned_at < intervals.interval_at + interval '20 minutes'

)

select
    organizations.org_name,
    intervals.console_code,
    intervals.interval_at,
    intervals.alarm_count,
    intervals.different_alarm_count,
    intervals.unit_count,
    intervals.high_count,
    intervals_at_a_turn.plant_id is not null as has_a_trip_or_restart_around
from intervals
inner join organizations
    on intervals.org_id = organizations.org_id
left join intervals_at_a_turn
    on
        intervals.plant_id = intervals_at_a_turn.plant_id
        and intervals.interval_at = intervals_at_a_turn.interval_at
order by
    intervals.alarm_count desc,
    intervals.interval_at asc,
    organizations.org_name asc,
    intervals.console_code asc
limit 20
