with

invoices as (

    select * from {{ ref('stg_fin__invoices') }}

),

payments as (

    select * from {{ ref('stg_fin__payments') }}

),

payment_allocations as (

    select * from {{ ref('stg_fin__payment_allocations') }}

),

dates as (

    select * from {{ ref('dim_dates') }}

),

horizon as (

    select * from {{ ref('int_reporting_horizon') }}

),

fx_rates as (

    select * from {{ ref('int_fx_rates_by_day') }}

),

month_ends as (

    select max(dates.date_day) as month_end_date
    from dates
    cross join horizon
    where dates.month_start_date <= horizon.as_of_date
    group by dates.month_start_date

),

bookings as (

    select
        invoice_id,
        customer_id,
        currency_code,
        due_date,
        invoice_date as booked_on,
        gross_amount as amount
    from invoices
    union all
    select
        payment_allocations.invoice_id,
        invoices.customer_id,
        invoices.currency_code,
        invoices.due_date,
        payments.received_date as booked_on,
        -payment_allocations.allocated_amount as amount
    from payment_allocations
    inner join payments
        on payment_allocations.payment_id = payments.payment_id
    inner join invoices
        on payment_allocations.invoice_id = invoices.invoice_id

),

booked_by_month as (

    select
        bookings.invoice_id,
        bookings.customer_id,
        bookings.currency_code,
        bookings.due_date,
        dates.month_start_date,
        sum(bookings.amount) as amount
    from bookings
    inner join dates
        on bookings.booked_on = dates.date_day
    group by
        bookings.invoice_id, bookings.customer_id, bookings.currency_code, bookings.due_date,
        dates.month_start_date

),

spans as (

    select
        invoice_id,
        customer_id,
        currency_code,
        due_date,
        month_start_date,
        lead(month_start_date) over (
            partition by invoice_id
            order by month_start_date
        ) as next_month_start_date,
        sum(amount) over (
            partition by invoice_id
            order by month_start_date
            rows between unbounded preceding and current row
        ) as open_amount
    from booked_by_month

),

open_invoices as (

    select
        spans.customer_id,
        spans.currency_code,
        month_ends.month_end_date,
        spans.open_amount,
        {{ dbt.datediff('spans.due_date', 'month_ends.month_end_date', 'day') }} as days_past_due
    from spans
    inner join month_ends
        on
            spans.month_start_date <= month_ends.month_end_date
            and (
                spans.next_month_start_date is null
                or spans.next_month_start_date > month_ends.month_end_date
            )
    where spans.open_amount <> 0

),

aged as (

    select
        month_end_date,
        customer_id,
        currency_code,
        cast(count(*) as {{ dbt.type_int() }}) as open_document_count,
        cast(sum(case when days_past_due <= 0 then open_amount else 0 end) as {{ type_money() }})
            as not_due_amount,
        cast(
            sum(
                case when days_past_due between 1 and 30 then open_amount else 0 end
            ) as {{ type_money() }}
        ) as overdue_1_to_30_amount,
        cast(
            sum(
                case when days_past_due between 31 and 60 then open_amount else 0 end
            ) as {{ type_money() }}
        ) as overdue_31_to_60_amount,
        cast(
            sum(
                case when days_past_due between 61 and 90 then open_amount else 0 end
            ) as {{ type_money() }}
        ) as overdue_61_to_90_amount,
        cast(sum(case when days_past_due > 90 then open_amount else 0 end) as {{ type_money() }})
            as overdue_over_90_amount,
        cast(sum(open_amount) as {{ type_money() }}) as open_amount
    from open_invoices
    group by month_end_date, customer_id, currency_code

),

final as (

    select
        {{ surrogate_key(['aged.month_end_date', 'aged.customer_id']) }} as receivables_aging_key,
        aged.customer_id,

        aged.currency_code,

        aged.open_document_count,
        aged.not_due_amount,
        aged.overdue_1_to_30_amount,
        aged.overdue_31_to_60_amount,
        aged.overdue_61_to_90_amount,
        aged.overdue_over_90_amount,
        aged.open_amount,
        {{ in_eur('aged.open_amount', 'fx_rates.units_per_eur') }} as open_amount_eur,

        aged.month_end_date
    from aged
    left join fx_rates
        on
            aged.currency_code = fx_rates.currency_code
            and aged.month_end_date = fx_rates.date_day

)

select * from final
