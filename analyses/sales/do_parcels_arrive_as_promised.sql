-- Do parcels arrive as promised, and who carries them?
-- Answer: one row per country and carrier: shipments delivered, mean transit and the share that
-- came late.
-- Look for: distance costs days; back-orders are late wherever they go.

with

shipments as (

    select * from {{ ref('fct_shipments') }}

)

select
    country_code,
    carrier_name,
    count(*) as delivered_count,
    cast(avg(transit_days * 1.0) as decimal(8, 1)) as mean_transit_days,
    cast(100 * avg(case when is_late then 1.0 else 0.0 end) as decimal(5, 1)) as percent_late
from shipments
where is_delivered
group by country_code, carrier_name
order by
    country_code asc,
    carrier_name asc
