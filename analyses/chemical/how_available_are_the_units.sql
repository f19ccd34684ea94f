-- How available are the units?
-- Answer: one row per unit: hours of history, trips and the hours they cost, hours between batches,
-- and the share of the time in which it could produce, the worst first.
-- Look for: one trip of some hours costs a unit of a week two to five per cent. Hours between
-- batches belong to the recipe, but are worth comparing between units.

with

units as (

    select * from {{ ref('dim_units') }}

),

downtimes as (

    select * from {{ ref('fct_unit_downtime') }}

),

months as (

    select distinct
        plant_id,
        month_date,
        observed_day_count
    from {{ ref('fct_alarm_performance') }}

),

histories as (

    select
        plant_id,
        24 * sum(observed_day_count) as observed_hours
    from months
    group by plant_id

),

per_unit as (

    select
        unit_id,
        sum(case when downtime_kind = 'trip' then 1 else 0 end) as trip_count,
        sum(lost_hours) as lost_hours,
        max(lost_hours) as longest_trip_hours,
        sum(case when is_planned then down_seconds else 0 end) / 3600.0 as hours_between_batches
    from downtimes
    group by unit_id

)

select
    units.org_name,
    units.site_name,
    units.unit_name,
    units.process_model,
    histories.observed_hours,
    coalesce(per_unit.trip_count, 0) as trip_count,
    cast(coalesce(per_unit.lost_hours, 0) as decimal(10, 2)) as lost_hours,
    cast(coalesce(per_unit.longest_trip_hours, 0) as decimal(10, 2)) as longest_trip_hours,
    cast(coalesce(per_unit.hours_between_batches, 0) as decimal(10, 2))
        as hours_between_batches,
    cast(
        100 - 100 * coalesce(per_unit.lost_hours, 0) / histories.observed_hours as decimal(6, 2)
    ) as percent_available
from units
inner join histories
    on units.plant_id = histories.plant_id
left join per_unit
    on units.unit_id = per_unit.unit_id
order by
    percent_available asc,
    hours_between_batches desc,
    units.org_name asc,
    units.unit_name asc
