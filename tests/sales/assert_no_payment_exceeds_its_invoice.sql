{#-
    A returned row is an invoice for which more was paid than it asks, a credit note for which
    more was refunded than it gives, or a payment or refund with the wrong sign.
-#}
with

invoices as (

    select * from {{ ref('stg_fin__invoices') }}

),

payments as (

    select * from {{ ref('stg_fin__payments') }}

),

settlements as (

    select * from {{ ref('int_invoice_settlements') }}

)

select
    invoices.invoice_id,
    invoices.gross_amount,
    settlements.paid_amount
from invoices
inner join settlements
    on invoices.invoice_id = settlements.invoice_id
where
    abs(settlements.paid_amount) > abs(invoices.gross_amount)
    or sign(settlements.paid_amount) * sign(invoices.gross_amount) < 0
union all
select
    payment_id as invoice_id,
    null as gross_amount,
    paid_amount
from payments
where
    (payment_type = 'payment' and paid_amount <= 0)
    or (payment_type = 'refund' and paid_amount >= 0)
