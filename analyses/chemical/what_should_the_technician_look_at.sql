-- What should the instrument technician look at first?
-- Answer: the work list of the latest day of every organization: tags with a complaint, where they
-- are, what was seen, and since how many days in a row.
-- Look for: several tags of one piece of equipment with lost communication share a cable or an
-- input card; go there first.

with

health as (

    select * from {{ ref('fct_tag_health') }}

),

tags as (

    select * from {{ ref('dim_tags') }}

),

latest_days as (

    select
        org_id,
        max(health_date) as health_date
    from health
    group by org_id

),

last_good_days as (

    select
        tag_id,
        max(health_date) as health_date
    from health
    where verdict = 'healthy'
    group by tag_id

),

poor_days as (

    select
        health.tag_id,
        count(*) as poor_day_count
    from health
    left join last_good_days
        on health.tag_id = last_good_days.tag_id
    where
        health.health_date > last_good_days.health_date
        or last_good_days.health_date is null
    group by health.tag_id

)

select
    tags.org_name,
    tags.unit_name,
    tags.equipment_code,
    tags.tag_name,
    tags.tag_description,
    health.verdict,
    poor_days.poor_day_count,
    cast(health.percent_good as decimal(6, 2)) as percent_good,
    cast(health.gap_seconds / 60 as decimal(8, 1)) as gap_minutes,
    cast(health.longest_flat_seconds / cast(60 as decimal(8, 1)) as decimal(8, 1))
        as longest_flat_minutes,
    health.days_since_calibration
from health
inner join latest_days
    on
        health.org_id = latest_days.org_id
        and health.health_date = latest_days.health_date
inner join tags
    on health.tag_id = tags.tag_id
inner join poor_days
    on health.tag_id = poor_days.tag_id
where health.verdict <> 'healthy'
order by
    tags.org_name asc,
    poor_days.poor_day_count desc,
    health.verdict asc,
    tags.tag_name asc
