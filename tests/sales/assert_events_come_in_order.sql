{#-
    A returned row is an order that is invoiced before it is placed, or an invoice that is due
    before its date or paid before it is issued.
-#}
with

orders as (

    select * from {{ ref('stg_oms__orders') }}

),

invoices as (

    select * from {{ ref('stg_fin__invoices') }}

),

payments as (

    select * from {{ ref('stg_fin__payments') }}

),

first_payments as (

    select
        invoice_id,
        min(received_at) as received_at,
        min(received_date) as received_date
    from payments
    group by invoice_id

)

select
    orders.order_id,
    orders.ordered_at,
    invoices.invoiced_at,
    invoices.due_date,
    first_payments.received_at
from orders
inner join invoices
    on orders.order_id = invoices.order_id
left join first_payments
    on invoices.invoice_id = first_payments.invoice_id
where
    invoices.invoiced_at < orders.ordered_at
    or invoices.invoice_date < orders.order_date
    or invoices.due_date < invoices.invoice_date
    or first_payments.received_at < invoices.invoiced_at
    or first_payments.received_date < invoices.invoice_date
