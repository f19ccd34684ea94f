-- How long does the laboratory take, and how much can nobody use?
-- Answer: one row per site, method and kind of sample: samples, mean and longest time to the
-- report, the share that took more than four hours, and the rejected ones.
-- Look for: a result that comes after half a shift corrects nothing any more; such a quantity wants
-- an analyser on line, or a bench beside the unit.

with

results as (

    select * from {{ ref('fct_lab_results') }}

),

units as (

    select * from {{ ref('dim_units') }}

)

select
    units.org_name,
    units.site_name,
    results.method,
    results.sample_kind,
    count(*) as sample_count,
    cast(
        avg(cast(results.reporting_delay_seconds as {{ type_double() }})) / 3600 as decimal(6, 2)
    ) as mean_delay_hours,
    cast(
        max(cast(results.reporting_delay_seconds as {{ type_double() }})) / 3600 as decimal(6, 2)
    ) as longest_delay_hours,
    cast(
        100 * avg(case when results.reporting_delay_seconds > 14400 then 1.0 else 0.0 end)
        as decimal(5, 1)
    ) as percent_over_four_hours,
    sum(case when results.sample_status = 'rejected' then 1 else 0 end) as rejected_count
from results
inner join units
    on results.unit_id = units.unit_id
group by
    units.org_name,
    units.site_name,
    results.method,
    results.sample_kind
order by
    mean_delay_hours desc,
    units.site_name asc,
    results.method asc,
    results.sample_kind asc
