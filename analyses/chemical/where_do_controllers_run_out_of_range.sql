-- Where do controllers run out of range?
-- Answer: one row per loop whose output stood at an end of its range for a minute or more: its mean
-- output, for how long it stood there, and its worst error.
-- Look for: an output at its end no longer controls. More cooling, a larger pump or another
-- operating point is wanted, not another tuning.

with

performance as (

    select * from {{ ref('fct_control_loop_performance') }}

),

units as (

    select * from {{ ref('dim_units') }}

),

per_loop as (

    select
        loop_id,
        unit_id,
        loop_name,
        loop_description,
        sum(controlled_seconds) as controlled_seconds,
        sum(controlled_seconds * saturated_percent) / 100 as saturated_seconds,
        sum(controlled_seconds * mean_output_percent) as output_area,
        sum(case when saturated_percent > 10 then 1 else 0 end) as saturated_day_count,
        max(worst_error_percent) as worst_error_percent
    from performance
    group by loop_id, unit_id, loop_name, loop_description

)

select
    units.org_name,
    units.unit_name,
    per_loop.loop_name,
    per_loop.loop_description,
    per_loop.saturated_day_count,
    cast(per_loop.saturated_seconds / 3600 as decimal(10, 2)) as saturated_hours,
    cast(100 * per_loop.saturated_seconds / per_loop.controlled_seconds as decimal(6, 2))
        as saturated_percent,
    cast(per_loop.output_area / per_loop.controlled_seconds as decimal(8, 2))
        as mean_output_percent,
    cast(per_loop.worst_error_percent as decimal(8, 2)) as worst_error_percent
from per_loop
inner join units
    on per_loop.unit_id = units.unit_id
where per_loop.saturated_seconds > 0
order by
    saturated_hours desc,
    per_loop.loop_name asc,
    units.org_name asc
