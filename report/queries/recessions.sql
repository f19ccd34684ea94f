-- One row per market and recession of its region, cut to the days with orders. From the answer key.
with

days as (

    select
        min(order_date) as first_day,
        max(order_date) as last_day
    from sales.fct_revenue_by_day

)

select distinct
    countries.market_name as market,
    cast(greatest(events.starts_on, days.first_day) as timestamp) as begins,
    cast(least(events.ends_on, days.last_day) as timestamp) as ends
from staging.stg_truth__business_events as events
inner join sales.dim_countries as countries
    on events.scope_value = countries.region_name
cross join days
where
    events.event_type = 'recession'
    and events.starts_on <= days.last_day
    and events.ends_on >= days.first_day
order by market asc, begins asc
