-- How many customers come back, and how soon?
-- Answer: one row per quarter of the first order and customer type: customers won, and the share
-- that ordered again within 90 days, within a year, and ever.
-- Look for: accounts come back, many persons do not. The youngest quarters have not had their time
-- yet. The first quarters hold customers who had been won before the data begin.

with

orders as (

    select * from {{ ref('fct_orders') }}

),

dates as (

    select * from {{ ref('dim_dates') }}

),

standing_orders as (

    select
        customer_id,
        customer_type,
        order_date,
        row_number() over (
            partition by customer_id
            order by ordered_at, order_id
        ) as place
    from orders
    where not is_cancelled

),

first_orders as (

    select * from standing_orders
    where place = 1

),

second_orders as (

    select * from standing_orders
    where place = 2

),

returns as (

    select
        first_orders.customer_type,
        dates.calendar_quarter,
        {{ dbt.datediff('first_orders.order_date', 'second_orders.order_date', 'day') }}
            as days_to_second_order
    from first_orders
    inner join dates
        on first_orders.order_date = dates.date_day
    left join second_orders
        on first_orders.customer_id = second_orders.customer_id

)

select
    calendar_quarter,
    customer_type,
    count(*) as customer_count,
    cast(
        100 * avg(case when days_to_second_order <= 90 then 1.0 else 0.0 end) as decimal(5, 1)
    ) as percent_within_90_days,
    cast(
        100 * avg(case when days_to_second_order <= 365 then 1.0 else 0.0 end) as decimal(5, 1)
    ) as percent_within_a_year,
    cast(
        100 * avg(case when days_to_second_order is not null then 1.0 else 0.0 end)
        as decimal(5, 1)
    ) as percent_ever
from returns
group by
    calendar_quarter,
    customer_type
order by
    customer_type,
    calendar_quarter
