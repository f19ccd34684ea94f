-- How do cohorts of customers live on?
-- Answer: one row per type of customer and months since the first order: customers who could be
-- active and those who were.
-- Look for: persons fall off fast and then flatten; accounts stay.

with

cohorts as (

    select * from {{ ref('fct_customer_cohorts') }}

)

select
    customer_type,
    months_since_first_order,
    sum(cohort_size) as cohort_size,
    sum(active_customer_count) as active_customer_count,
    cast(100.0 * sum(active_customer_count) / sum(cohort_size) as decimal(5, 1)) as percent_active
from cohorts
where months_since_first_order <= 24
group by customer_type, months_since_first_order
order by
    customer_type asc,
    months_since_first_order asc
