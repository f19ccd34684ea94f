-- The unit and UTC day to show as a normal one: no fault, no standstill; of these the unit with
-- most loops, on the day with the fewest complaints about its tags.
with

unit_days as (

    select
        unit_id,
        health_date,
        count(case when verdict <> 'healthy' then 1 end) as complaints
    from chemical.fct_tag_health
    group by unit_id, health_date

)

select
    units.unit_id,
    units.unit_name,
    units.org_name,
    units.process_model,
    units.unit_description,
    units.loop_count,
    units.tag_count,
    cast(unit_days.health_date as varchar) as day,
    unit_days.complaints
from unit_days
inner join chemical.dim_units as units
    on unit_days.unit_id = units.unit_id
left join chemical.fct_fault_episodes as faults
    on
        unit_days.unit_id = faults.unit_id
        and faults.started_at < unit_days.health_date + interval 36 hours
        and faults.ended_at > unit_days.health_date - interval 12 hours
left join chemical.fct_unit_downtime as downtime
    on
        unit_days.unit_id = downtime.unit_id
        and downtime.started_at < unit_days.health_date + interval 1 day
        and coalesce(downtime.ended_at, cast('9999-01-01' as timestamp)) > unit_days.health_date
where
    faults.fault_id is null
    and downtime.unit_downtime_id is null
    and units.loop_count > 0
order by
    units.loop_count desc, unit_days.complaints asc, unit_days.health_date asc, units.unit_id asc
limit 1
