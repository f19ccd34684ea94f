-- Which tags are least to be trusted?
-- Answer: the twenty tags with the most days on which a technician was wanted, with the share of
-- time that was good and the most frequent complaint.
-- Look for: a tag that is poor on one day only had an incident; one that is poor every day is the
-- wrong instrument, or stands in the wrong place.

with

health as (

    select * from {{ ref('fct_tag_health') }}

),

tags as (

    select * from {{ ref('dim_tags') }}

),

complaints as (

    select
        tag_id,
        verdict,
        count(*) as day_count,
        row_number() over (partition by tag_id order by count(*) desc, verdict asc) as place
    from health
    where verdict <> 'healthy'
    group by tag_id, verdict

),

per_tag as (

    select
        tag_id,
        count(*) as day_count,
        sum(case when verdict <> 'healthy' then 1 else 0 end) as poor_day_count,
        avg(percent_good) as percent_good,
        sum(bad_count) as bad_count,
        sum(late_count) as late_count
    from health
    group by tag_id

)

select
    tags.org_name,
    tags.unit_name,
    tags.tag_name,
    tags.tag_description,
    complaints.verdict as first_complaint,
    per_tag.day_count,
    per_tag.poor_day_count,
    cast(per_tag.percent_good as decimal(6, 2)) as percent_good,
    per_tag.bad_count,
    per_tag.late_count
from per_tag
inner join complaints
    on
        per_tag.tag_id = complaints.tag_id
        and complaints.place = 1
inner join tags
    on per_tag.tag_id = tags.tag_id
order by
    per_tag.poor_day_count desc,
    percent_good asc,
    tags.tag_name asc,
    tags.org_name asc
limit 20
