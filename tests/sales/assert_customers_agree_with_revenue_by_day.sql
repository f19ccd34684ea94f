{#-
    A returned row is a type of customer whose lifetimes and revenue by day disagree in orders or
    euros.
-#}
with

customers as (

    select * from {{ ref('dim_customers') }}

),

revenue as (

    select * from {{ ref('fct_revenue_by_day') }}

),

lifetimes as (

    select
        customer_type,
        sum(order_count) as order_count,
        sum(net_amount_eur) as net_amount_eur
    from customers
    group by customer_type

),

days as (

    select
        customer_type,
        sum(order_count) as order_count,
        sum(net_amount_eur) as net_amount_eur
    from revenue
    group by customer_type

)

select
    days.customer_type,
    days.net_amount_eur,
    lifetimes.net_amount_eur as net_amount_eur_of_customers
from days
left join lifetimes
    on days.customer_type = lifetimes.customer_type
where
    lifetimes.customer_type is null
    or days.order_count <> lifetimes.order_count
    or days.net_amount_eur <> lifetimes.net_amount_eur
