-- Where do orders stand at the end?
-- Answer: one row per status, with the number of orders and the share of all.
-- Look for: nearly all are completed; what is open belongs to the last days.

with

fulfilment as (

    select * from {{ ref('fct_order_fulfilment') }}

)

select
    order_status,
    count(*) as order_count,
    cast(100.0 * count(*) / sum(count(*)) over () as decimal(5, 1)) as percent_of_orders
from fulfilment
group by order_status
order by order_count desc
