{#-
    A returned row is an order line with a promotion that does not cover its product, market or
    day, or with another discount.
-#}
with

orders as (

    select * from {{ ref('stg_oms__orders') }}

),

order_lines as (

    select * from {{ ref('stg_oms__order_lines') }}

),

promotions as (

    select * from {{ ref('stg_mkt__promotions') }}

),

promotion_products as (

    select * from {{ ref('stg_mkt__promotion_products') }}

)

select
    order_lines.order_line_key,
    order_lines.promotion_id,
    order_lines.discount_rate
from order_lines
inner join orders
    on order_lines.order_id = orders.order_id
left join promotions
    on order_lines.promotion_id = promotions.promotion_id
left join promotion_products
    on
        order_lines.promotion_id = promotion_products.promotion_id
        and order_lines.product_id = promotion_products.product_id
where
    order_lines.promotion_id is not null
    and (
        promotions.promotion_id is null
        or promotion_products.product_id is null
        or orders.market_code <> promotions.market_code
        or orders.order_date not between promotions.starts_on and promotions.ends_on
        or order_lines.discount_rate <> promotions.discount_rate
    )
