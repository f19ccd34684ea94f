-- Which control loops hold their set points, and which do not?
-- Answer: one row per loop: its mean and its worst deviation over the hours, in per cent of the
-- range.
-- Look for: a worst hour far above the mean is a disturbance or a change of the set point; a high
-- mean is a controller that is badly tuned, or whose actuator has reached its end.

with

hours as (

    select * from {{ ref('fct_readings_by_hour') }}

),

tags as (

    select * from {{ ref('dim_tags') }}

),

loop_hours as (

    select
        tags.loop_id,
        hours.bucket_at,
        max(case when tags.tag_role = 'PV' then hours.average end) as process_value,
        max(case when tags.tag_role = 'SP' then hours.average end) as set_point,
        max(case when tags.tag_role = 'PV' then tags.range_high - tags.range_low end)
            as span
    from hours
    inner join tags
        on hours.tag_id = tags.tag_id
    where tags.loop_id is not null
    group by
        tags.loop_id,
        hours.bucket_at

),

loops as (

    select
        loop_id,
        count(*) as hour_count,
        avg(100 * abs(process_value - set_point) / span) as mean_deviation_percent,
        max(100 * abs(process_value - set_point) / span) as worst_deviation_percent
    from loop_hours
    where
        process_value is not null
        and set_point is not null
    group by loop_id

),

loop_names as (

    select
        loop_id,
        max(org_name) as org_name,
        max(unit_name) as unit_name,
        max(process_model) as process_model,
        max(loop_name) as loop_name
    from tags
    where loop_id is not null
    group by loop_id

)

select
    loop_names.org_name,
    loop_names.unit_name,
    loop_names.process_model,
    loop_names.loop_name,
    loops.hour_count,
    cast(loops.mean_deviation_percent as decimal(8, 3)) as mean_deviation_percent,
    cast(loops.worst_deviation_percent as decimal(8, 3)) as worst_deviation_percent
from loops
inner join loop_names
    on loops.loop_id = loop_names.loop_id
order by
    mean_deviation_percent desc,
    loop_names.loop_name asc,
    loop_names.org_name asc
