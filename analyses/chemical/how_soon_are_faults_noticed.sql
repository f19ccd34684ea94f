-- How soon are faults of the process noticed, and by what?
-- Answer: one row per process model and kind of fault: how many there were, how many an alarm and
-- how many people noticed first, the mean delays, and alarms beside those that come by chance.
-- Look for: sudden faults sound within minutes; slow ones, such as fouling, are seen by people
-- first or not at all. Where alarms do not exceed chance, they had nothing to do with the fault.

with

faults as (

    select * from {{ ref('fct_fault_episodes') }}

),

units as (

    select * from {{ ref('dim_units') }}

)

select
    units.process_model,
    faults.fault_kind,
    count(*) as fault_count,
    sum(case when faults.detected_by = 'alarm' then 1 else 0 end) as alarm_first_count,
    sum(case when faults.detected_by in ('logbook', 'work order') then 1 else 0 end)
        as people_first_count,
    sum(case when faults.is_detected then 0 else 1 end) as unnoticed_count,
    cast(avg(faults.fault_seconds / 60.0) as decimal(10, 1)) as mean_minutes,
    cast(avg(faults.seconds_to_first_alarm / 60.0) as decimal(10, 1)) as mean_minutes_to_alarm,
    cast(avg(faults.seconds_to_first_entry / 60.0) as decimal(10, 1)) as mean_minutes_to_entry,
    sum(faults.alarm_count) as alarm_count,
    cast(sum(faults.chance_alarm_count) as decimal(10, 2)) as chance_alarm_count
from faults
inner join units
    on faults.unit_id = units.unit_id
group by
    units.process_model,
    faults.fault_kind
order by
    fault_count desc,
    units.process_model asc,
    faults.fault_kind asc
