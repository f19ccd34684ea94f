-- One row per market: all its revenue, orders and first orders.
select
    countries.market_name as market,
    count(distinct revenue.country_code) as countries,
    cast(sum(revenue.order_count) as bigint) as orders,
    cast(sum(revenue.net_amount_eur) as double) as net_eur,
    cast(sum(revenue.net_amount_eur) / sum(sum(revenue.net_amount_eur)) over () as double) as share
from sales.fct_revenue_by_day as revenue
inner join sales.dim_countries as countries
    on revenue.country_code = countries.country_code
group by market
order by net_eur desc, market asc
