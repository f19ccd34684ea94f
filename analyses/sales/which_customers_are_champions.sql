-- Which segments of customers carry the business?
-- Answer: one row per type of customer and segment: customers and their share of revenue.
-- Look for: champions are few and bring the most.

with

rfm as (

    select * from {{ ref('fct_customer_rfm') }}

)

select
    customer_type,
    rfm_segment,
    count(*) as customer_count,
    sum(net_amount_eur) as net_amount_eur,
    cast(
        100.0 * sum(net_amount_eur) / sum(sum(net_amount_eur)) over (partition by customer_type)
        as decimal(5, 1)
    ) as percent_of_revenue
from rfm
group by customer_type, rfm_segment
order by
    customer_type asc,
    percent_of_revenue desc
