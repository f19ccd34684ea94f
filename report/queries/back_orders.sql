-- One row per country: the share of orders that waited for stock, and what waiting cost in days.
select
    countries.country_name as country,
    count(*) as orders,
    avg(cast(fulfilment.is_back_ordered as integer)) as back_ordered,
    avg(case when fulfilment.is_back_ordered then fulfilment.days_to_ship end) as days_with_waiting,
    avg(case when not fulfilment.is_back_ordered then fulfilment.days_to_ship end) as days_without
from sales.fct_order_fulfilment as fulfilment
inner join sales.dim_countries as countries
    on fulfilment.country_code = countries.country_code
where fulfilment.cancelled_at is null
group by country
order by orders desc, country asc
