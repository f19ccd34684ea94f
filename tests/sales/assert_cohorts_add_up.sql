{#-
    A returned row is a type of customer whose cohorts do not add up to its customers with an
    order, or whose cohort orders do not add up to its orders.
-#}
with

cohorts as (

    select * from {{ ref('fct_customer_cohorts') }}

),

customers as (

    select * from {{ ref('dim_customers') }}

),

by_cohort as (

    select
        customer_type,
        sum(case when months_since_first_order = 0 then cohort_size else 0 end) as customer_count,
        sum(order_count) as order_count
    from cohorts
    group by customer_type

),

by_customer as (

    select
        customer_type,
        sum(case when order_count > 0 then 1 else 0 end) as customer_count,
        sum(order_count) as order_count
    from customers
    group by customer_type

)

select
    by_customer.customer_type,
    by_customer.customer_count,
    by_cohort.customer_count as customer_count_of_cohorts
from by_customer
left join by_cohort
    on by_customer.customer_type = by_cohort.customer_type
where
    by_cohort.customer_type is null
    or by_customer.customer_count <> by_cohort.customer_count
    or by_customer.order_count <> by_cohort.order_count
