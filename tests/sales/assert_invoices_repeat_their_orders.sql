{#-
    A returned row is an order without the one invoice that its status asks for, with one that its
    status forbids, or with one for another amount, currency or customer.
-#}
with

orders as (

    select * from {{ ref('stg_oms__orders') }}

),

invoices as (

    select * from {{ ref('stg_fin__invoices') }}

),

invoices_per_order as (

    select
        order_id,
        count(*) as invoice_count,
        min(customer_id) as customer_id,
        min(currency_code) as currency_code,
        sum(net_amount) as net_amount,
        sum(tax_amount) as tax_amount,
        sum(gross_amount) as gross_amount
    from invoices
    group by order_id

)

select
    orders.order_id,
    orders.order_status,
    orders.gross_amount,
    invoices_per_order.invoice_count,
    invoices_per_order.gross_amount as invoiced_amount
from orders
left join invoices_per_order
    on orders.order_id = invoices_per_order.order_id
where
    coalesce(invoices_per_order.invoice_count, 0)
    <> case when orders.order_status = 'completed' then 1 else 0 end
    or orders.customer_id <> invoices_per_order.customer_id
    or orders.currency_code <> invoices_per_order.currency_code
    or orders.net_amount <> invoices_per_order.net_amount
    or orders.tax_amount <> invoices_per_order.tax_amount
    or orders.gross_amount <> invoices_per_order.gross_amount
