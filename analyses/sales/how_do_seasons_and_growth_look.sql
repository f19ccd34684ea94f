-- How does revenue grow, and how does the season look beside it?
-- Answer: one row per month: net revenue, the same month of the year before and its growth, and the
-- month's factor on the mean month of its year.
-- Look for: some 6 to 9 % a year more orders; September to December high, when accounts restock
-- and persons buy for the holidays. In small presets a few large orders move a month's revenue.

with

revenue as (

    select * from {{ ref('fct_revenue_by_day') }}

),

dates as (

    select * from {{ ref('dim_dates') }}

),

months as (

    select
        dates.year_number,
        dates.month_number,
        cast(sum(revenue.order_count) as bigint) as order_count,
        sum(revenue.net_amount_eur) as net_amount_eur
    from revenue
    inner join dates
        on revenue.order_date = dates.date_day
    group by
        dates.year_number,
        dates.month_number

),

compared as (

    select
        year_number,
        month_number,
        order_count,
        cast(net_amount_eur as {{ type_double() }}) as net_amount_eur,
        cast(
            lag(net_amount_eur) over (
                partition by month_number
                order by year_number
            ) as {{ type_double() }}
        ) as net_amount_eur_a_year_before,
        cast(
            avg(net_amount_eur) over (partition by year_number) as {{ type_double() }}
        ) as mean_net_amount_eur
    from months

)

select
    year_number,
    month_number,
    order_count,
    cast(net_amount_eur as {{ type_money() }}) as net_amount_eur,
    cast(
        100 * (net_amount_eur / net_amount_eur_a_year_before - 1) as decimal(8, 1)
    ) as growth_percent,
    cast(net_amount_eur / mean_net_amount_eur as decimal(6, 2)) as month_factor
from compared
order by
    year_number,
    month_number
