-- How do batches compare with the golden batch, and which phase made the difference?
-- Answer: one row per batch: its yield in per cent of the golden batch of its recipe, by how much
-- its cycle was longer, and the phase that took most longer than it did there.
-- Look for: less yield in less time is a batch that was harvested early; less yield in more time is
-- one that went wrong. A running batch, and one without a golden batch, has nothing to compare yet.

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

slowest_phases as (

    select
        batch_id,
        phase_name,
        duration_difference_seconds,
        row_number() over (
            partition by batch_id
            order by duration_difference_seconds desc, phase_no asc
        ) as place
    from phases
    where duration_difference_seconds is not null

)

select
    units.org_name,
    units.unit_name,
    batches.batch_id,
    batches.recipe_code,
    batches.batch_status,
    batches.is_golden,
    cast(batches.yield_quantity as decimal(10, 3)) as yield_quantity,
    batches.yield_unit_of_measure,
    cast(batches.yield_percent_of_golden as decimal(6, 2)) as yield_percent_of_golden,
    cast(batches.cycle_seconds / cast(3600 as decimal(10, 2)) as decimal(10, 2)) as cycle_hours,
    cast(batches.cycle_difference_seconds / cast(60 as decimal(10, 1)) as decimal(10, 1))
        as longer_minutes,
    slowest_phases.phase_name as slowest_phase_name,
    cast(
        slowest_phases.duration_difference_seconds / cast(60 as decimal(10, 1)) as decimal(10, 1)
    ) as phase_longer_minutes
from batches
inner join units
    on batches.unit_id = units.unit_id
left join slowest_phases
    on
        batches.batch_id = slowest_phases.batch_id
        and slowest_phases.place = 1
order by
    units.org_name asc,
    batches.recipe_code asc,
    batches.batch_id asc
