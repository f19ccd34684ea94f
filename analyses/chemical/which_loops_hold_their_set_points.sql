-- Which control loops hold their set points, and which do not?
-- Answer: one row per loop: how long it was under control, its errors in per cent of the range,
-- and on how many days it was found to hold its set point.
-- Look for: a mean error beside zero is an offset that the controller cannot remove, an RMS error
-- far above the mean is noise, disturbance or bad tuning. Loops of batch units look poor, since
-- they stay in automatic through phases in which nothing can follow.

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
        count(*) as day_count,
        sum(case when verdict = 'holds its set point' then 1 else 0 end) as good_day_count,
        sum(controlled_seconds) as controlled_seconds,
        sum(controlled_seconds * mean_error_percent) as error_area,
        sum(controlled_seconds * rms_error_percent * rms_error_percent) as error_square_area,
        max(worst_error_percent) as worst_error_percent
    from performance
    group by loop_id, unit_id, loop_name

)

select
    units.org_name,
    units.unit_name,
    units.process_model,
    per_loop.loop_name,
    per_loop.day_count,
    per_loop.good_day_count,
    cast(per_loop.controlled_seconds / 3600 as decimal(10, 1)) as controlled_hours,
    cast(per_loop.error_area / nullif(per_loop.controlled_seconds, 0) as decimal(8, 3))
        as mean_error_percent,
    cast(
        sqrt(per_loop.error_square_area / nullif(per_loop.controlled_seconds, 0))
        as decimal(8, 3)
    ) as rms_error_percent,
    cast(per_loop.worst_error_percent as decimal(8, 3)) as worst_error_percent
from per_loop
inner join units
    on per_loop.unit_id = units.unit_id
order by
    rms_error_percent desc,
    per_loop.loop_name asc,
    units.org_name asc
