-- Where do operators take loops in hand?
-- Answer: one row per process model and kind of loop (flow, level, pressure, temperature, analysis
-- …): loops, hours in manual, and the service factor, which is the share of time not in manual.
-- Look for: operators leave alone what works. A kind of loop that is often in manual is badly
-- tuned, or its instrument is not believed.

with

performance as (

    select * from {{ ref('fct_control_loop_performance') }}

),

units as (

    select * from {{ ref('dim_units') }}

),

process_values as (

    select
        loop_id,
        substring(isa_function, 1, 1) as measured_quantity
    from {{ ref('dim_tags') }}
    where
        tag_role = 'PV'
        and loop_id is not null

)

select
    units.process_model,
    process_values.measured_quantity,
    count(distinct performance.loop_id) as loop_count,
    cast(sum(performance.manual_seconds) / 3600 as decimal(10, 2)) as manual_hours,
    cast(
        100 * sum(performance.automatic_seconds + performance.cascade_seconds)
        / nullif(
            sum(
                performance.manual_seconds + performance.automatic_seconds
                + performance.cascade_seconds
            ),
            0
        ) as decimal(6, 2)
    ) as service_factor,
    sum(performance.set_point_change_count) as set_point_change_count
from performance
inner join process_values
    on performance.loop_id = process_values.loop_id
inner join units
    on performance.unit_id = units.unit_id
group by
    units.process_model,
    process_values.measured_quantity
order by
    manual_hours desc,
    units.process_model asc,
    process_values.measured_quantity asc
