-- One row per month: the share of the orders, cancelled ones aside, that waited for stock.
select
    cast(date_trunc('month', order_date) as timestamp) as month,
    avg(cast(is_back_ordered as integer)) as waiting_share
from sales.fct_order_fulfilment
where cancelled_at is null
group by month
order by month asc
