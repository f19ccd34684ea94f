-- One row per step from the order to its money: orders that reached it, and the median days it
-- took.
with

steps as (

    select
        order_id,
        date_diff('day', ordered_at, ordered_at) as ordered,
        date_diff('day', ordered_at, confirmed_at) as confirmed,
        date_diff('day', ordered_at, first_shipped_at) as shipped,
        date_diff('day', ordered_at, last_delivered_at) as delivered,
        date_diff('day', ordered_at, first_invoiced_at) as invoiced,
        date_diff('day', order_date, settled_date) as paid
    from sales.fct_order_fulfilment

),

reached as (

    unpivot steps on ordered,
    confirmed,
    shipped,
    delivered,
    invoiced,
    paid into name step value days

)

select
    step,
    count(*) as orders,
    cast(count(*) / max(count(*)) over () as double) as share,
    median(days) as median_days,
    quantile_cont(days, 0.9) as slow_days
from reached
group by step
order by list_position(['ordered', 'confirmed', 'shipped', 'delivered', 'invoiced', 'paid'], step)
