{#-
    A returned row is a day on which the revenue by day and the lines of the orders that stand
    disagree in orders, units or euros.
-#}
with

revenue as (

    select * from {{ ref('fct_revenue_by_day') }}

),

order_lines as (

    select * from {{ ref('fct_order_lines') }}

),

revenue_per_day as (

    select
        order_date,
        sum(order_count) as order_count,
        sum(unit_count) as unit_count,
        sum(net_amount_eur) as net_amount_eur,
        sum(tax_amount_eur) as tax_amount_eur
    from revenue
    group by order_date

),

lines_per_day as (

    select
        order_date,
        count(distinct order_id) as order_count,
        sum(quantity) as unit_count,
        sum(net_amount_eur) as net_amount_eur,
        sum(tax_amount_eur) as tax_amount_eur
    from order_lines
    where not is_cancelled
    group by order_date

)

select
    coalesce(revenue_per_day.order_date, lines_per_day.order_date) as order_date,
    revenue_per_day.net_amount_eur,
    lines_per_day.net_amount_eur as net_amount_eur_of_lines
from revenue_per_day
full outer join lines_per_day
    on revenue_per_day.order_date = lines_per_day.order_date
where
    revenue_per_day.order_date is null
    or lines_per_day.order_date is null
    or revenue_per_day.order_count <> lines_per_day.order_count
    or revenue_per_day.unit_count <> lines_per_day.unit_count
    or revenue_per_day.net_amount_eur <> lines_per_day.net_amount_eur
    or revenue_per_day.tax_amount_eur <> lines_per_day.tax_amount_eur
