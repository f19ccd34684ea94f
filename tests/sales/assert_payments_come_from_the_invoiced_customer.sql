{#-
    A returned row is a payment by another customer or in another currency than what it settles.
-#}
with

invoices as (

    select * from {{ ref('stg_fin__invoices') }}

),

payments as (

    select * from {{ ref('stg_fin__payments') }}

),

payment_allocations as (

    select * from {{ ref('stg_fin__payment_allocations') }}

)

select
    payments.payment_id,
    payments.customer_id,
    payments.currency_code
from payment_allocations
inner join payments
    on payment_allocations.payment_id = payments.payment_id
inner join invoices
    on payment_allocations.invoice_id = invoices.invoice_id
where
    payments.customer_id <> invoices.customer_id
    or payments.currency_code <> invoices.currency_code
