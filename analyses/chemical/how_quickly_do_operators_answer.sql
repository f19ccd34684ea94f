-- How quickly do operators answer alarms?
-- Answer: one row per organization and priority: how many alarms sounded, how many were
-- acknowledged within one, five and ten minutes, the median, and how many had gone before.
-- Look for: high priority ought to be answered first. Alarms that go before anybody has answered
-- asked for no action, and should not be alarms.

with

alarms as (

    select * from {{ ref('fct_alarms') }}
    where is_annunciated

),

organizations as (

    select * from {{ ref('dim_organizations') }}

),

per_priority as (

    select
        org_id,
        priority,
        count(*) as alarm_count,
        100.0 * sum(case when seconds_to_acknowledge <= 60 then 1 else 0 end) / count(*)
            as percent_within_a_minute,
        100.0 * sum(case when seconds_to_acknowledge <= 300 then 1 else 0 end) / count(*)
            as percent_within_five_minutes,
        100.0 * sum(case when seconds_to_acknowledge <= 600 then 1 else 0 end) / count(*)
            as percent_within_ten_minutes,
        100.0 * sum(case when cleared_at < acknowledged_at then 1 else 0 end) / count(*)
            as percent_gone_before,
        percentile_cont(0.5) within group (order by seconds_to_acknowledge) as median_seconds
    from alarms
    group by
        org_id,
        priority

)

select
    organizations.org_name,
    per_priority.priority,
    per_priority.alarm_count,
    cast(per_priority.percent_within_a_minute as decimal(5, 1)) as percent_within_a_minute,
    cast(per_priority.percent_within_five_minutes as decimal(5, 1))
        as percent_within_five_minutes,
    cast(per_priority.percent_within_ten_minutes as decimal(5, 1)) as percent_within_ten_minutes,
    cast(per_priority.percent_gone_before as decimal(5, 1)) as percent_gone_before,
    cast(per_priority.median_seconds as decimal(10, 0)) as median_seconds
from per_priority
inner join organizations
    on per_priority.org_id = organizations.org_id
order by
    organizations.org_name,
    case per_priority.priority when 'high' then 1 when 'medium' then 2 else 3 end
