with

payments as (

    select * from {{ ref('stg_fin__payments') }}

),

invoices as (

    select * from {{ ref('stg_fin__invoices') }}

),

fx_rates as (

    select * from {{ ref('int_fx_rates_by_day') }}

),

final as (

    select
        payments.payment_id,
        payments.invoice_id,
        payments.customer_id,

        payments.currency_code,
        payments.payment_method,

        cast(
            row_number() over (
                partition by payments.invoice_id
                order by payments.received_at, payments.payment_id
            ) as {{ dbt.type_int() }}
        ) as invoice_payment_number,
        payments.paid_amount,
        {{ in_eur('payments.paid_amount', 'fx_rates.units_per_eur') }} as paid_amount_eur,
        cast(
            {{ dbt.datediff('invoices.due_date', 'payments.received_date', 'day') }}
            as {{ dbt.type_int() }}
        ) as days_from_due,

        payments.received_date > invoices.due_date as is_late,

        payments.received_date,

        payments.received_at
    from payments
    inner join invoices
        on payments.invoice_id = invoices.invoice_id
    left join fx_rates
        on
            payments.currency_code = fx_rates.currency_code
            and payments.received_date = fx_rates.date_day

)

select * from final
