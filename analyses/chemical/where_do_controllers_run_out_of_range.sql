-- Where do controllers run out of range?
-- Answer: one row per controller output: its mean, and in how many quarters of an hour it touched
-- an end.
-- Look for: an output that often stands at an end no longer controls. More cooling, a larger pump
-- or another operating point is wanted, not another tuning.

with

quarter_hours as (

    select * from {{ ref('fct_readings_by_quarter_hour') }}

),

tags as (

    select * from {{ ref('dim_tags') }}

),

outputs as (

    select
        quarter_hours.tag_id,
        count(*) as quarter_hour_count,
        sum(
            case
                when quarter_hours.minimum <= tags.range_low then 1
                when quarter_hours.maximum >= tags.range_high then 1
                else 0
            end
        ) as saturated_count,
        avg(quarter_hours.average) as mean_output
    from quarter_hours
    inner join tags
        on quarter_hours.tag_id = tags.tag_id
    where tags.tag_role = 'OP'
    group by quarter_hours.tag_id

)

select
    tags.org_name,
    tags.unit_name,
    tags.loop_name,
    tags.tag_name,
    tags.unit_of_measure,
    cast(outputs.mean_output as decimal(10, 2)) as mean_output,
    outputs.quarter_hour_count,
    outputs.saturated_count
from outputs
inner join tags
    on outputs.tag_id = tags.tag_id
order by
    outputs.saturated_count desc,
    tags.tag_name asc,
    tags.org_name asc
