-- Which loops oscillate, and how fast?
-- Answer: the thirty loop days with the most regular errors, with their period.
-- Look for: one period in several loops of a unit is one disturbance that runs through all of them;
-- the loop with the shortest way to it has the largest index. A period of its own and a valve that
-- moves in steps points at a sticking valve.

with

performance as (

    select * from {{ ref('fct_control_loop_performance') }}

),

units as (

    select * from {{ ref('dim_units') }}

)

select
    performance.performance_date,
    units.org_name,
    units.unit_name,
    performance.loop_name,
    performance.verdict,
    cast(performance.oscillation_index as decimal(5, 2)) as oscillation_index,
    cast(performance.oscillation_period_seconds / 60 as decimal(8, 1)) as period_minutes,
    cast(performance.zero_crossings_per_hour as decimal(8, 2)) as zero_crossings_per_hour,
    cast(performance.rms_error_percent as decimal(8, 3)) as rms_error_percent
from performance
inner join units
    on performance.unit_id = units.unit_id
where performance.oscillation_index is not null
order by
    performance.oscillation_index desc,
    performance.loop_day_key asc
limit 30
