{#-
    A returned row is a line of an invoice that was not shipped with it, or in another quantity,
    or for another net amount than the order's line; or a shipment more than two weeks before the
    reporting horizon without an invoice. A line ships whole, so its invoice has the line's whole
    amount.
-#}
with

shipments as (

    select * from {{ ref('stg_wms__shipments') }}

),

shipment_lines as (

    select * from {{ ref('stg_wms__shipment_lines') }}

),

invoices as (

    select * from {{ ref('stg_fin__invoices') }}

),

invoice_lines as (

    select * from {{ ref('stg_fin__invoice_lines') }}

),

order_lines as (

    select * from {{ ref('stg_oms__order_lines') }}

),

horizon as (

    select * from {{ ref('int_reporting_horizon') }}

),

invoiced_lines as (

    select
        invoices.shipment_id,
        invoice_lines.order_id,
        invoice_lines.line_no,
        invoice_lines.quantity,
        invoice_lines.net_amount
    from invoice_lines
    inner join invoices
        on invoice_lines.invoice_id = invoices.invoice_id
    where invoices.invoice_type = 'invoice'

),

differences as (

    select
        invoiced_lines.shipment_id,
        invoiced_lines.line_no,
        'line' as difference
    from invoiced_lines
    left join shipment_lines
        on
            invoiced_lines.shipment_id = shipment_lines.shipment_id
            and invoiced_lines.line_no = shipment_lines.line_no
    left join order_lines
        on
            invoiced_lines.order_id = order_lines.order_id
            and invoiced_lines.line_no = order_lines.line_no
    where
        shipment_lines.shipment_id is null
        or invoiced_lines.quantity <> shipment_lines.quantity
        or order_lines.order_id is null
        or invoiced_lines.net_amount <> order_lines.net_amount
    union all
    select
        shipments.shipment_id,
        null as line_no,
        'no invoice' as difference
    from shipments
    cross join horizon
    left join invoices
        on
            shipments.shipment_id = invoices.shipment_id
            and invoices.invoice_type = 'invoice'
    where
        invoices.invoice_id is null
        and {{ dbt.datediff('shipments.shipped_on', 'horizon.as_of_date', 'day') }} > 14

)

select *
from differences
