-- What does the exchange rate do to revenue?
-- Answer: one row per currency and year: net revenue in the currency and in euros, and the mean
-- rate between them.
-- Look for: the same sales are worth more or less as the rate moves.

with

revenue as (

    select * from {{ ref('fct_revenue_by_day') }}

),

dates as (

    select * from {{ ref('dim_dates') }}

)

select
    revenue.currency_code,
    dates.year_number,
    sum(revenue.net_amount) as net_amount,
    sum(revenue.net_amount_eur) as net_amount_eur,
    cast(sum(revenue.net_amount) / sum(revenue.net_amount_eur) as decimal(18, 4)) as units_per_eur
from revenue
inner join dates
    on revenue.order_date = dates.date_day
group by revenue.currency_code, dates.year_number
order by
    revenue.currency_code asc,
    dates.year_number asc
