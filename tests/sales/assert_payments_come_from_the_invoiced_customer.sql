{#-
    A returned row is a payment by another customer or in another currency than its invoice's.
-#}
with

invoices as (

    select * from {{ ref('stg_fin__invoices') }}

),

payments as (

    select * from {{ ref('stg_fin__payments') }}

)

select
    payments.payment_id,
    payments.customer_id,
    payments.currency_code
from payments
inner join invoices
    on payments.invoice_id = invoices.invoice_id
where
    payments.customer_id <> invoices.customer_id
    or payments.currency_code <> invoices.currency_code
