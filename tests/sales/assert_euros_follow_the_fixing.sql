{#-
    A returned row is an order whose net amount in euros, multiplied by the fixing that its order
    date has, is away from its net amount by more than a cent of a euro for each line.
-#}
with

orders as (

    select * from {{ ref('fct_orders') }}

),

fx_rates as (

    select * from {{ ref('int_fx_rates_by_day') }}

)

select
    orders.order_id,
    orders.net_amount,
    orders.net_amount_eur,
    fx_rates.units_per_eur
from orders
left join fx_rates
    on
        orders.currency_code = fx_rates.currency_code
        and orders.order_date = fx_rates.date_day
where
    fx_rates.units_per_eur is null
    or abs(orders.net_amount - orders.net_amount_eur * fx_rates.units_per_eur)
    > 0.01 * orders.line_count * fx_rates.units_per_eur
