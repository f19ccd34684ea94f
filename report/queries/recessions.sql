-- One row per market and recession of its region, as it was put in.
select distinct
    countries.market_name as market,
    cast(events.starts_on as timestamp) as begins,
    cast(events.ends_on + 1 as timestamp) as ends
from sales.dim_business_events as events
inner join sales.dim_countries as countries
    on events.region_name = countries.region_name
where events.event_type = 'recession'
order by market asc, begins asc
