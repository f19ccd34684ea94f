-- One row per market and month: net revenue in euros, without cancelled orders.
select
    countries.market_name as market,
    cast(date_trunc('month', revenue.order_date) as timestamp) as month,
    cast(sum(revenue.net_amount_eur) as double) as net_eur
from sales.fct_revenue_by_day as revenue
inner join sales.dim_countries as countries
    on revenue.country_code = countries.country_code
group by market, month
order by market asc, month asc
