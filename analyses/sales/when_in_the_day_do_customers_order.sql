-- When in the day do persons and accounts order?
-- Answer: one row per local hour: the share of the day's orders by type of customer.
-- Look for: accounts keep office hours (78 % from 10 to 16), persons have an evening peak.

with

orders as (

    select * from {{ ref('fct_orders') }}

),

hours as (

    select * from {{ ref('dim_hours') }}

),

orders_per_hour as (

    select
        order_hour,
        sum(case when customer_type = 'person' then 1 else 0 end) as person_order_count,
        sum(case when customer_type = 'account' then 1 else 0 end) as account_order_count
    from orders
    group by order_hour

)

select
    hours.hour_label,
    hours.part_of_day,
    cast(
        100.0 * coalesce(orders_per_hour.person_order_count, 0)
        / sum(orders_per_hour.person_order_count) over () as decimal(5, 2)
    ) as percent_of_persons,
    cast(
        100.0 * coalesce(orders_per_hour.account_order_count, 0)
        / sum(orders_per_hour.account_order_count) over () as decimal(5, 2)
    ) as percent_of_accounts
from hours
left join orders_per_hour
    on hours.hour_of_day = orders_per_hour.order_hour
order by hours.hour_of_day
