{#-
    A returned row is an invoice for which more was paid than it asks, or a payment that is not
    positive.
-#}
with

invoices as (

    select * from {{ ref('stg_fin__invoices') }}

),

payments as (

    select * from {{ ref('stg_fin__payments') }}

),

payments_per_invoice as (

    select
        invoice_id,
        sum(paid_amount) as paid_amount,
        min(paid_amount) as smallest_paid_amount
    from payments
    group by invoice_id

)

select
    invoices.invoice_id,
    invoices.gross_amount,
    payments_per_invoice.paid_amount
from invoices
inner join payments_per_invoice
    on invoices.invoice_id = payments_per_invoice.invoice_id
where
    payments_per_invoice.paid_amount > invoices.gross_amount
    or payments_per_invoice.smallest_paid_amount <= 0
