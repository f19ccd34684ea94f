{#-
    A returned row is an invoice that is not due after exactly the days that its customer's terms
    of payment give, or a credit note that is not due at once.
-#}
with

invoices as (

    select * from {{ ref('stg_fin__invoices') }}

),

customers as (

    select * from {{ ref('stg_crm__customers') }}

)

select
    invoices.invoice_id,
    invoices.invoice_date,
    invoices.due_date,
    customers.payment_terms_days
from invoices
inner join customers
    on invoices.customer_id = customers.customer_id
where
    {{ dbt.datediff('invoices.invoice_date', 'invoices.due_date', 'day') }}
    <> case when invoices.invoice_type = 'invoice' then customers.payment_terms_days else 0 end
