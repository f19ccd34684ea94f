-- Which kinds of instruments drift most between calibrations?
-- Answer: one row per function of ISA-5.1: instruments calibrated, the mean and greatest error that
-- the last calibration found in per cent of the range, and how many were beyond one per cent.
-- Look for: a kind that is never found beyond tolerance is calibrated too often; one that often is
-- should be calibrated sooner, or replaced by something better.

with

health as (

    select * from {{ ref('fct_tag_health') }}

),

tags as (

    select * from {{ ref('dim_tags') }}

),

calibrated as (

    select
        tag_id,
        calibrated_at,
        max(abs(found_error_percent)) as found_error_percent,
        max(abs(drift_percent)) as drift_percent
    from health
    where calibrated_at is not null
    group by tag_id, calibrated_at

)

select
    tags.isa_function,
    count(distinct calibrated.tag_id) as instrument_count,
    count(*) as calibration_count,
    cast(avg(calibrated.found_error_percent) as decimal(8, 3)) as mean_found_error_percent,
    cast(max(calibrated.found_error_percent) as decimal(8, 3)) as worst_found_error_percent,
    sum(case when calibrated.found_error_percent > 1 then 1 else 0 end)
        as beyond_tolerance_count,
    cast(avg(calibrated.drift_percent) as decimal(8, 3)) as mean_drift_percent
from calibrated
inner join tags
    on calibrated.tag_id = tags.tag_id
group by tags.isa_function
order by
    worst_found_error_percent desc,
    tags.isa_function asc
