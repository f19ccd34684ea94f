{#-
    A returned row is a country, tax class, rate and order date of order lines to which another
    rate applied, or none. Germany's 16 % of 2020 and Finland's 25.5 % since September 2024 are
    found here when they are missed.
-#}
with

orders as (

    select * from {{ ref('stg_oms__orders') }}

),

order_lines as (

    select * from {{ ref('stg_oms__order_lines') }}

),

tax_rates as (

    select * from {{ ref('stg_ref__tax_rates') }}

),

rate_intervals as (

    select
        country_code,
        tax_class,
        tax_rate,
        effective_from,
        lead(effective_from) over (
            partition by country_code, tax_class
            order by effective_from
        ) as effective_to
    from tax_rates

),

applied_rates as (

    select distinct
        orders.country_code,
        order_lines.tax_class,
        order_lines.tax_rate,
        orders.order_date
    from order_lines
    inner join orders
        on order_lines.order_id = orders.order_id

)

select
    applied_rates.country_code,
    applied_rates.tax_class,
    applied_rates.tax_rate,
    applied_rates.order_date,
    rate_intervals.tax_rate as tax_rate_of_the_date
from applied_rates
left join rate_intervals
    on
        applied_rates.country_code = rate_intervals.country_code
        and applied_rates.tax_class = rate_intervals.tax_class
        and applied_rates.order_date >= rate_intervals.effective_from
        and (
            rate_intervals.effective_to is null
            or applied_rates.order_date < rate_intervals.effective_to
        )
where
    rate_intervals.tax_rate is null
    or applied_rates.tax_rate <> rate_intervals.tax_rate
