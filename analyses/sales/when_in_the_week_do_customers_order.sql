-- What do weekdays mean to persons and accounts?
-- Answer: one row per weekday and type of customer: orders and their share.
-- Look for: persons order at the week-end, accounts rest.

with

revenue as (

    select * from {{ ref('fct_revenue_by_day') }}

),

dates as (

    select * from {{ ref('dim_dates') }}

)

select
    dates.iso_weekday,
    dates.weekday_name,
    revenue.customer_type,
    sum(revenue.order_count) as order_count,
    cast(
        100.0 * sum(revenue.order_count)
        / sum(sum(revenue.order_count)) over (partition by revenue.customer_type) as decimal(5, 1)
    ) as percent_of_orders
from revenue
inner join dates
    on revenue.order_date = dates.date_day
group by dates.iso_weekday, dates.weekday_name, revenue.customer_type
order by
    revenue.customer_type asc,
    dates.iso_weekday asc
