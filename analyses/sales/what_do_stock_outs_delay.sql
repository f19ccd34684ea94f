-- How many orders wait for stock, and for how long?
-- Answer: one row per country: orders, the share that waited, and days to the last shipment with
-- and without waiting.
-- Look for: a back-order costs about a week.

with

fulfilment as (

    select * from {{ ref('fct_order_fulfilment') }}

)

select
    country_code,
    count(*) as order_count,
    cast(
        100 * avg(case when is_back_ordered then 1.0 else 0.0 end) as decimal(5, 1)
    ) as percent_back_ordered,
    cast(avg(case when is_back_ordered then days_to_ship * 1.0 end) as decimal(8, 1))
        as mean_days_of_back_orders,
    cast(avg(case when not is_back_ordered then days_to_ship * 1.0 end) as decimal(8, 1))
        as mean_days_of_others
from fulfilment
where cancelled_at is null
group by country_code
order by country_code asc
