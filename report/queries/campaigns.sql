-- One row per market and campaign that reduces most of the catalogue, cut to the days with orders:
-- seasonal sales and black weeks. Category weeks and clearances reduce a few products at a time.
with

days as (

    select
        min(order_date) as first_day,
        max(order_date) as last_day
    from sales.fct_revenue_by_day

)

select distinct
    countries.market_name as market,
    replace(promotions.promotion_type, '_', ' ') as campaign,
    cast(greatest(promotions.starts_on, days.first_day) as timestamp) as begins,
    cast(least(promotions.ends_on, days.last_day) as timestamp) as last_day,
    cast(least(promotions.ends_on, days.last_day) + 1 as timestamp) as ends
from sales.dim_promotions as promotions
inner join sales.dim_countries as countries
    on promotions.market_code = countries.market_code
cross join days
where
    promotions.promotion_type in ('seasonal_sale', 'black_week')
    and promotions.starts_on <= days.last_day
    and promotions.ends_on >= days.first_day
order by market asc, begins asc
