-- Which tags are least to be trusted?
-- Answer: the twenty tags with the fewest good readings, with what is wrong with the others.
-- Look for: bad readings stand for failed sensors and lost communication, uncertain ones for drift
-- and for values cut at an end of the range. A tag that is poor on one day only had an incident.

with

days as (

    select * from {{ ref('fct_readings_by_day') }}

),

tags as (

    select * from {{ ref('dim_tags') }}

),

per_tag as (

    select
        tag_id,
        sum(reading_count) as reading_count,
        sum(good_count) as good_count,
        sum(uncertain_count) as uncertain_count,
        sum(bad_count) as bad_count,
        sum(late_count) as late_count,
        sum(case when percent_good < 99 then 1 else 0 end) as poor_day_count
    from days
    group by tag_id

)

select
    tags.org_name,
    tags.unit_name,
    tags.tag_name,
    tags.tag_description,
    per_tag.poor_day_count,
    per_tag.uncertain_count,
    per_tag.bad_count,
    per_tag.late_count,
    cast(
        100 * cast(per_tag.good_count as {{ type_double() }}) / per_tag.reading_count
        as decimal(6, 2)
    ) as percent_good
from per_tag
inner join tags
    on per_tag.tag_id = tags.tag_id
order by
    percent_good,
    tags.tag_name,
    tags.org_name
limit 20
