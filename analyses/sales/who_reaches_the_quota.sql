-- Who reaches the quota?
-- Answer: one row per month: representatives with a quota, the share that reached it, and the
-- median attainment.
-- Look for: over the years the last month of a quarter is a little better than the first one, which
-- orders were pulled out of.

with

quotas as (

    select * from {{ ref('fct_quota_attainment') }}

)

select
    target_month,
    count(*) as representative_count,
    cast(
        100 * avg(case when is_attained then 1.0 else 0.0 end) as decimal(5, 1)
    ) as percent_attained,
    cast(
        percentile_cont(0.5) within group (order by attainment_ratio) as decimal(8, 2)
    ) as median_attainment_ratio
from quotas
group by target_month
order by target_month asc
