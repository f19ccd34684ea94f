with

payments as (

    select * from {{ ref('stg_fin__payments') }}

),

payment_allocations as (

    select * from {{ ref('stg_fin__payment_allocations') }}

),

invoices as (

    select * from {{ ref('stg_fin__invoices') }}

),

fx_rates as (

    select * from {{ ref('int_fx_rates_by_day') }}

),

settled_documents as (

    select
        payment_allocations.payment_id,
        min(invoices.order_id) as order_id,
        cast(count(*) as {{ dbt.type_int() }}) as document_count,
        max(invoices.due_date) as due_date
    from payment_allocations
    inner join invoices
        on payment_allocations.invoice_id = invoices.invoice_id
    group by payment_allocations.payment_id

),

final as (

    select
        payments.payment_id,
        settled_documents.order_id,
        payments.customer_id,

        payments.payment_type,
        payments.currency_code,
        payments.payment_method,

        settled_documents.document_count,
        payments.paid_amount,
        {{ in_eur('payments.paid_amount', 'fx_rates.units_per_eur') }} as paid_amount_eur,
        cast(
            {{ dbt.datediff('settled_documents.due_date', 'payments.received_date', 'day') }}
            as {{ dbt.type_int() }}
        ) as days_from_due,

        payments.received_date > settled_documents.due_date as is_late,

        settled_documents.due_date,
        payments.received_date,

        payments.received_at
    from payments
    inner join settled_documents
        on payments.payment_id = settled_documents.payment_id
    left join fx_rates
        on
            payments.currency_code = fx_rates.currency_code
            and payments.received_date = fx_rates.date_day

)

select * from final
