with

invoices as (

    select * from {{ ref('stg_fin__invoices') }}

),

settlements as (

    select * from {{ ref('int_invoice_settlements') }}

),

fx_rates as (

    select * from {{ ref('int_fx_rates_by_day') }}

),

horizon as (

    select * from {{ ref('int_reporting_horizon') }}

),

balances as (

    select
        invoices.*,
        coalesce(settlements.payment_count, 0) as payment_count,
        coalesce(settlements.paid_amount, 0) as paid_amount,
        invoices.gross_amount - coalesce(settlements.paid_amount, 0) as open_amount,
        settlements.last_received_date
    from invoices
    left join settlements
        on invoices.invoice_id = settlements.invoice_id

),

ages as (

    select
        balances.*,
        case
            when balances.invoice_type = 'credit_note' then balances.open_amount >= 0
            else balances.open_amount <= 0
        end as is_settled,
        {{ dbt.datediff('balances.due_date', 'balances.last_received_date', 'day') }}
            as days_from_due_to_last_payment,
        {{ dbt.datediff('balances.due_date', 'horizon.as_of_date', 'day') }} as days_past_due
    from balances
    cross join horizon

),

final as (

    select
        ages.invoice_id,
        ages.order_id,
        ages.shipment_id,
        ages.return_id,
        ages.customer_id,

        ages.invoice_type,
        ages.currency_code,
        case
            when ages.is_settled then 'settled'
            when ages.payment_count > 0 then 'partly_paid'
            else 'unpaid'
        end as settlement_status,
        case
            when ages.is_settled then 'settled'
            when ages.invoice_type = 'credit_note' then 'credit'
            when ages.days_past_due <= 0 then 'not_due'
            when ages.days_past_due <= 30 then '001-030'
            when ages.days_past_due <= 60 then '031-060'
            when ages.days_past_due <= 90 then '061-090'
            else '091-'
        end as ageing_bucket,

        cast(ages.payment_count as {{ dbt.type_int() }}) as payment_count,
        ages.net_amount,
        ages.tax_amount,
        ages.gross_amount,
        cast(ages.paid_amount as {{ type_money() }}) as paid_amount,
        cast(ages.open_amount as {{ type_money() }}) as open_amount,
        {{ in_eur('ages.gross_amount', 'fx_rates.units_per_eur') }} as gross_amount_eur,
        {{ in_eur('ages.open_amount', 'fx_rates.units_per_eur') }} as open_amount_eur,
        case
            when ages.is_settled
                then cast(ages.days_from_due_to_last_payment as {{ dbt.type_int() }})
        end as days_late,
        case
            when
                ages.is_settled
                or ages.invoice_type = 'credit_note'
                or ages.days_past_due <= 0
                then 0
            else cast(ages.days_past_due as {{ dbt.type_int() }})
        end as days_overdue,

        ages.is_settled,
        ages.invoice_type = 'invoice' and not ages.is_settled and ages.days_past_due > 0
            as is_overdue,

        ages.invoice_date,
        ages.due_date,
        case when ages.is_settled then ages.last_received_date end as settled_date,

        ages.invoiced_at
    from ages
    left join fx_rates
        on
            ages.currency_code = fx_rates.currency_code
            and ages.invoice_date = fx_rates.date_day

)

select * from final
