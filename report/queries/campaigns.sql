-- One row per market and campaign that reduces most of the catalogue: seasonal sales and black
-- weeks. Category weeks and clearances reduce a few products at a time.
select distinct
    countries.market_name as market,
    replace(promotions.promotion_type, '_', ' ') as campaign,
    cast(promotions.starts_on as timestamp) as begins,
    cast(promotions.ends_on as timestamp) as last_day,
    cast(promotions.ends_on + 1 as timestamp) as ends
from sales.dim_promotions as promotions
inner join sales.dim_countries as countries
    on promotions.market_code = countries.market_code
where promotions.promotion_type in ('seasonal_sale', 'black_week')
order by market asc, begins asc
