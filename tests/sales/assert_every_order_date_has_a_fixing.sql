{#-
    A returned row is a currency and an order, invoice or payment date with no fixing in the four
    days up to it: three suffice over a week-end.
-#}
with

orders as (

    select * from {{ ref('stg_oms__orders') }}

),

invoices as (

    select * from {{ ref('stg_fin__invoices') }}

),

payments as (

    select * from {{ ref('stg_fin__payments') }}

),

fx_rates as (

    select * from {{ ref('int_fx_rates_by_day') }}

),

dates_in_use as (

    select
        currency_code,
        order_date as date_in_use
    from orders
    union
    select
        currency_code,
        invoice_date as date_in_use
    from invoices
    union
    select
        currency_code,
        received_date as date_in_use
    from payments

)

select
    dates_in_use.currency_code,
    dates_in_use.date_in_use,
    fx_rates.rate_date
from dates_in_use
left join fx_rates
    on
        dates_in_use.currency_code = fx_rates.currency_code
        and dates_in_use.date_in_use = fx_rates.date_day
where
    fx_rates.rate_date is null
    or {{ dbt.datediff('fx_rates.rate_date', 'dates_in_use.date_in_use', 'day') }} > 3
