-- Where do batches lose time?
-- Answer: one row per unit and phase, and the turnaround between batches as a phase of its own: how
-- often, the mean, shortest and longest duration, and what all would save at the shortest.
-- Look for: a phase that takes as long as it likes waits for somebody. Hours between batches are
-- the cheapest capacity there is.

with

batches as (

    select * from {{ ref('fct_batches') }}

),

phases as (

    select * from {{ ref('fct_batch_phases') }}

),

units as (

    select * from {{ ref('dim_units') }}

),

stretches as (

    select
        unit_id,
        phase_no,
        phase_name,
        cast(duration_seconds as {{ type_double() }}) / 3600 as hours
    from phases

    union all

    select
        unit_id,
        0 as phase_no,
        'turnaround' as phase_name,
        cast(turnaround_seconds as {{ type_double() }}) / 3600 as hours
    from batches
    where turnaround_seconds is not null

)

select
    units.org_name,
    units.unit_name,
    stretches.phase_no,
    stretches.phase_name,
    count(*) as stretch_count,
    cast(avg(stretches.hours) as decimal(8, 2)) as mean_hours,
    cast(min(stretches.hours) as decimal(8, 2)) as shortest_hours,
    cast(max(stretches.hours) as decimal(8, 2)) as longest_hours,
    cast(sum(stretches.hours) - count(*) * min(stretches.hours) as decimal(8, 2)) as lost_hours
from stretches
inner join units
    on stretches.unit_id = units.unit_id
group by
    units.org_name,
    units.unit_name,
    stretches.phase_no,
    stretches.phase_name
order by
    units.org_name asc,
    units.unit_name asc,
    stretches.phase_no asc
