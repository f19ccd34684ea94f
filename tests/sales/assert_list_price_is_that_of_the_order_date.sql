{#-
    A returned row is an order line whose list price is not the one that the order's market had
    for the product on the order date.
-#}
with

orders as (

    select * from {{ ref('stg_oms__orders') }}

),

order_lines as (

    select * from {{ ref('stg_oms__order_lines') }}

),

price_intervals as (

    select * from {{ ref('int_product_price_intervals') }}

)

select
    order_lines.order_line_key,
    order_lines.list_price,
    price_intervals.list_price as list_price_of_the_date
from order_lines
inner join orders
    on order_lines.order_id = orders.order_id
left join price_intervals
    on
        order_lines.product_id = price_intervals.product_id
        and orders.market_code = price_intervals.market_code
        and orders.order_date >= price_intervals.effective_from
        and (
            price_intervals.effective_to is null
            or orders.order_date < price_intervals.effective_to
        )
where
    price_intervals.list_price is null
    or order_lines.list_price <> price_intervals.list_price
