{#-
    A returned row is a line of an order that was shipped in another quantity than ordered, of
    another product, of a cancelled order, or more than once.
-#}
with

order_lines as (

    select * from {{ ref('stg_oms__order_lines') }}

),

shipment_lines as (

    select * from {{ ref('stg_wms__shipment_lines') }}

),

fulfilments as (

    select * from {{ ref('int_order_fulfilments') }}

),

shipped as (

    select
        order_id,
        line_no,
        min(product_id) as product_id,
        count(*) as shipment_count,
        sum(quantity) as quantity
    from shipment_lines
    group by order_id, line_no

)

select
    shipped.order_id,
    shipped.line_no,
    shipped.quantity,
    order_lines.quantity as ordered_quantity
from shipped
inner join fulfilments
    on shipped.order_id = fulfilments.order_id
left join order_lines
    on
        shipped.order_id = order_lines.order_id
        and shipped.line_no = order_lines.line_no
where
    order_lines.order_id is null
    or shipped.shipment_count > 1
    or shipped.product_id <> order_lines.product_id
    or shipped.quantity <> order_lines.quantity
    or fulfilments.is_cancelled
