with

payments as (

    select * from {{ ref('fct_payments') }}

),

invoices as (

    select * from {{ ref('fct_invoices') }}

),

customers as (

    select * from {{ ref('dim_customers') }}

),

horizon as (

    select * from {{ ref('int_reporting_horizon') }}

),

due_invoices as (

    select
        customers.country_code,
        invoices.days_late
    from invoices
    inner join customers
        on invoices.customer_id = customers.customer_id
    cross join horizon
    where
        customers.customer_type = 'account'
        and invoices.invoice_type = 'invoice'
        and invoices.due_date < horizon.as_of_date

),

flags as (

    select
        'share_of_payments_of_persons_by_card' as statistic,
        'all' as subject,
        case when payments.payment_method = 'card' then 1 else 0 end as flag
    from payments
    inner join customers
        on payments.customer_id = customers.customer_id
    where
        customers.customer_type = 'person'
        and payments.payment_type = 'payment'
    union all
    select
        'share_of_invoices_of_accounts_paid_in_time' as statistic,
        country_code as subject,
        case when days_late <= 0 then 1 else 0 end as flag
    from due_invoices

),

shares as (

    select
        statistic,
        subject,
        avg(cast(flag as {{ type_double() }})) as statistic_value,
        4.5 * sqrt(
            avg(cast(flag as {{ type_double() }}))
            * (1 - avg(cast(flag as {{ type_double() }})))
            / count(*)
        ) as tolerance
    from flags
    group by statistic, subject

),

final as (

    select *
    from shares
    union all
    select
        'mean_days_late_of_accounts' as statistic,
        country_code as subject,
        avg(cast(case when days_late > 0 then days_late else 0 end as {{ type_double() }}))
            as statistic_value,
        cast(0 as {{ type_double() }}) as tolerance
    from due_invoices
    where days_late is not null
    group by country_code
    having count(*) >= 200
    union all
    select
        'payments_per_order' as statistic,
        'all' as subject,
        cast(
            sum(case when payment_type = 'payment' then 1 else 0 end)
            * 1.0
            / count(distinct order_id) as {{ type_double() }}
        ) as statistic_value,
        cast(0 as {{ type_double() }}) as tolerance
    from payments

)

select * from final
