-- One row: from when until when there are orders.
select
    cast(min(order_date) as timestamp) as begins,
    cast(max(order_date) + 1 as timestamp) as ends
from sales.fct_revenue_by_day
