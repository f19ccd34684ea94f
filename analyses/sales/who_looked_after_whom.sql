-- How often do accounts change hands?
-- Answer: one row per number of versions: accounts, and how many representatives they had on
-- average.
-- Look for: long-lived accounts have seen several representatives.

with

versions as (

    select * from {{ ref('dim_customer_versions') }}

),

accounts as (

    select
        customer_id,
        count(*) as version_count,
        count(distinct rep_id) as rep_count
    from versions
    where customer_type = 'account'
    group by customer_id

)

select
    version_count,
    count(*) as account_count,
    cast(avg(rep_count * 1.0) as decimal(5, 2)) as mean_representative_count
from accounts
group by version_count
order by version_count asc
