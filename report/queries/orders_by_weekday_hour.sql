-- One row per type of customer, weekday and local hour with orders: the share of the type's orders.
select
    orders.customer_type,
    dates.iso_weekday,
    left(dates.weekday_name, 3) as weekday,
    orders.order_hour as hour,
    count(*) as orders,
    count(*) / sum(count(*)) over (partition by orders.customer_type) as share
from sales.fct_orders as orders
inner join shared.dim_dates as dates
    on orders.order_date = dates.date_day
group by orders.customer_type, dates.iso_weekday, weekday, hour
order by orders.customer_type asc, dates.iso_weekday asc, hour asc
