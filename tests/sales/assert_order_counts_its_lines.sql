{#-
    A returned row is an order whose line count is not the number of its lines, or whose lines are
    not numbered from 1 without a gap.
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
        count(*) as line_count,
        min(line_no) as first_line_no,
        max(line_no) as last_line_no
    from order_lines
    group by order_id

)

select
    orders.order_id,
    orders.line_count,
    lines_per_order.line_count as lines_found
from orders
left join lines_per_order
    on orders.order_id = lines_per_order.order_id
where
    lines_per_order.order_id is null
    or orders.line_count <> lines_per_order.line_count
    or lines_per_order.first_line_no <> 1
    or lines_per_order.last_line_no <> lines_per_order.line_count
