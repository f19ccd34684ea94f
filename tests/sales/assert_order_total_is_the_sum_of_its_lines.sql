{#-
    A returned row is an order whose discount, net, tax or gross amount is not the sum of its
    lines, to the cent.
-#}
with

orders as (

    select * from {{ ref('stg_oms__orders') }}

),

order_lines as (

    select * from {{ ref('stg_oms__order_lines') }}

),

lines_per_order as (

    select
        order_id,
        sum(discount_amount) as discount_amount,
        sum(net_amount) as net_amount,
        sum(tax_amount) as tax_amount,
        sum(gross_amount) as gross_amount
    from order_lines
    group by order_id

)

select
    orders.order_id,
    orders.net_amount,
    lines_per_order.net_amount as net_amount_of_lines
from orders
left join lines_per_order
    on orders.order_id = lines_per_order.order_id
where
    lines_per_order.order_id is null
    or orders.discount_amount <> lines_per_order.discount_amount
    or orders.net_amount <> lines_per_order.net_amount
    or orders.tax_amount <> lines_per_order.tax_amount
    or orders.gross_amount <> lines_per_order.gross_amount
    or orders.gross_amount <> orders.net_amount + orders.tax_amount
