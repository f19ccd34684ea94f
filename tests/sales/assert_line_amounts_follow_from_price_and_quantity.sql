{#-
    A returned row is an order line that sells nothing, whose net amount is further than half the
    currency's smallest unit from quantity × list price × (1 − discount rate), or whose discount
    is not the rest.
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
    order_lines.net_amount
from order_lines
inner join orders
    on order_lines.order_id = orders.order_id
inner join currencies
    on orders.currency_code = currencies.currency_code
where
    order_lines.quantity <= 0
    or order_lines.list_price <= 0
    or order_lines.net_amount + order_lines.discount_amount
    <> order_lines.quantity * order_lines.list_price
    or abs(
        order_lines.quantity * order_lines.list_price * (1 - order_lines.discount_rate)
        - order_lines.net_amount
    ) * power(10, currencies.minor_unit_digits) > 0.500001
