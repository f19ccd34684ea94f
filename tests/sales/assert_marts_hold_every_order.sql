{#-
    A returned row is a currency in which the orders, the marts of orders and of order lines
    disagree in the number of orders or lines or in an amount.
-#}
with

orders as (

    select * from {{ ref('stg_oms__orders') }}

),

order_lines as (

    select * from {{ ref('stg_oms__order_lines') }}

),

order_facts as (

    select * from {{ ref('fct_orders') }}

),

order_line_facts as (

    select * from {{ ref('fct_order_lines') }}

),

counts as (

    select
        orders.currency_code,
        'staging' as layer,
        count(distinct orders.order_id) as order_count,
        count(*) as line_count,
        sum(order_lines.net_amount) as net_amount,
        sum(order_lines.tax_amount) as tax_amount
    from orders
    left join order_lines
        on orders.order_id = order_lines.order_id
    group by orders.currency_code
    union all
    select
        currency_code,
        'orders' as layer,
        count(*) as order_count,
        sum(line_count) as line_count,
        sum(net_amount) as net_amount,
        sum(tax_amount) as tax_amount
    from order_facts
    group by currency_code
    union all
    select
        currency_code,
        'order lines' as layer,
        count(distinct order_id) as order_count,
        count(*) as line_count,
        sum(net_amount) as net_amount,
        sum(tax_amount) as tax_amount
    from order_line_facts
    group by currency_code

)

select currency_code
from counts
group by currency_code
having
    count(*) <> 3
    or min(order_count) <> max(order_count)
    or min(line_count) <> max(line_count)
    or min(net_amount) <> max(net_amount)
    or min(tax_amount) <> max(tax_amount)
