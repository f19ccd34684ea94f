{#-
    A returned row is a line of a return that was not in the shipment it came back from, that is of
    another product, or of which more units came back than were in the shipment.
-#}
with

returned as (

    select * from {{ ref('stg_rma__returns') }}

),

return_lines as (

    select * from {{ ref('stg_rma__return_lines') }}

),

shipment_lines as (

    select * from {{ ref('stg_wms__shipment_lines') }}

),

came_back as (

    select
        returned.shipment_id,
        return_lines.line_no,
        min(return_lines.product_id) as first_product_id,
        max(return_lines.product_id) as last_product_id,
        sum(return_lines.quantity) as quantity
    from return_lines
    inner join returned
        on return_lines.return_id = returned.return_id
    group by returned.shipment_id, return_lines.line_no

)

select
    came_back.shipment_id,
    came_back.line_no,
    came_back.quantity,
    shipment_lines.quantity as shipped_quantity
from came_back
left join shipment_lines
    on
        came_back.shipment_id = shipment_lines.shipment_id
        and came_back.line_no = shipment_lines.line_no
where
    shipment_lines.shipment_id is null
    or came_back.first_product_id <> shipment_lines.product_id
    or came_back.last_product_id <> shipment_lines.product_id
    or came_back.quantity > shipment_lines.quantity
