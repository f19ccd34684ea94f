{#-
    A returned row is an order line whose tax is further than half the currency's smallest unit
    from net amount × tax rate, or whose gross amount is not net plus tax.
-#}
with

orders as (

    select * from {{ ref('stg_oms__orders') }}

),

order_lines as (

    select * from {{ ref('stg_oms__order_lines') }}

),

currencies as (

    select * from {{ ref('stg_ref__currencies') }}

)

select
    order_lines.order_line_key,
    order_lines.net_amount,
    order_lines.tax_rate,
    order_lines.tax_amount
from order_lines
inner join orders
    on order_lines.order_id = orders.order_id
inner join currencies
    on orders.currency_code = currencies.currency_code
where
    order_lines.gross_amount <> order_lines.net_amount + order_lines.tax_amount
    or abs(order_lines.net_amount * order_lines.tax_rate - order_lines.tax_amount)
    * power(10, currencies.minor_unit_digits) > 0.500001
