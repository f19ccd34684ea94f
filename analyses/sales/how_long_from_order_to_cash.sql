-- How long does it take from an order to its money?
-- Answer: one row per type of customer: mean days to ship, to deliver and to cash.
-- Look for: persons pay when they are invoiced; accounts take their terms and more.

with

fulfilment as (

    select * from {{ ref('fct_order_fulfilment') }}

),

customers as (

    select * from {{ ref('dim_customers') }}

)

select
    customers.customer_type,
    count(*) as order_count,
    cast(avg(fulfilment.days_to_ship * 1.0) as decimal(8, 1)) as mean_days_to_ship,
    cast(avg(fulfilment.days_to_deliver * 1.0) as decimal(8, 1)) as mean_days_to_deliver,
    cast(avg(fulfilment.days_to_cash * 1.0) as decimal(8, 1)) as mean_days_to_cash
from fulfilment
inner join customers
    on fulfilment.customer_id = customers.customer_id
where fulfilment.cancelled_at is null
group by customers.customer_type
order by customers.customer_type asc
