{#-
    A returned row is an order line for a product that was not launched yet or already withdrawn
    on the order date.
-#}
with

orders as (

    select * from {{ ref('stg_oms__orders') }}

),

order_lines as (

    select * from {{ ref('stg_oms__order_lines') }}

),

product_withdrawals as (

    select * from {{ ref('stg_pim__product_withdrawals') }}

),

products as (

    select * from {{ ref('stg_pim__products') }}

)

select
    order_lines.order_line_key,
    orders.order_date,
    products.launched_on,
    product_withdrawals.withdrawn_on
from order_lines
inner join orders
    on order_lines.order_id = orders.order_id
inner join products
    on order_lines.product_id = products.product_id
left join product_withdrawals
    on order_lines.product_id = product_withdrawals.product_id
where
    orders.order_date < products.launched_on
    or orders.order_date >= product_withdrawals.withdrawn_on
