{#-
    A returned row is an invoice that is issued before its shipment leaves, due before its date or
    paid before it is issued, or a credit note before its goods are back.
-#}
with

shipments as (

    select * from {{ ref('stg_wms__shipments') }}

),

returned as (

    select * from {{ ref('stg_rma__returns') }}

),

invoices as (

    select * from {{ ref('stg_fin__invoices') }}

),

payments as (

    select * from {{ ref('stg_fin__payments') }}

),

payment_allocations as (

    select * from {{ ref('stg_fin__payment_allocations') }}

),

first_payments as (

    select
        payment_allocations.invoice_id,
        min(payments.received_at) as received_at,
        min(payments.received_date) as received_date
    from payment_allocations
    inner join payments
        on payment_allocations.payment_id = payments.payment_id
    group by payment_allocations.invoice_id

)

select
    invoices.invoice_id,
    shipments.shipped_at,
    invoices.invoiced_at,
    invoices.due_date,
    first_payments.received_at
from invoices
inner join shipments
    on invoices.shipment_id = shipments.shipment_id
left join returned
    on invoices.return_id = returned.return_id
left join first_payments
    on invoices.invoice_id = first_payments.invoice_id
where
    invoices.invoiced_at < shipments.shipped_at
    or invoices.invoiced_at < returned.returned_at
    or invoices.due_date < invoices.invoice_date
    or first_payments.received_at < invoices.invoiced_at
    or first_payments.received_date < invoices.invoice_date
