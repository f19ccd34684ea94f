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

published_facts as (

    select * from {{ ref('published_facts') }}

),

due_invoices as (

    select
        customers.country_code,
        invoices.days_late,
        {{ dbt.datediff('invoices.due_date', 'horizon.as_of_date', 'day') }} as days_since_due
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
    union all
    select
        'share_of_invoices_of_accounts_over_90_days_late' as statistic,
        country_code as subject,
        case when days_late <= 90 then 0 else 1 end as flag
    from due_invoices
    where days_since_due > 90

),

shares as (

    select
        statistic,
        subject,
        avg(cast(flag as {{ type_double() }})) as statistic_value,
        count(*) as sample_size
    from flags
    group by statistic, subject

),

ranked_countries as (

    select
        row_number() over (order by shares.statistic_value, shares.subject) as measured_rank,
        row_number() over (order by published_facts.published_value, shares.subject)
            as published_rank
    from shares
    inner join published_facts
        on
            shares.statistic = published_facts.statistic
            and shares.subject = published_facts.subject
    where
        shares.statistic = 'share_of_invoices_of_accounts_paid_in_time'
        and published_facts.fact_id like '36%'

),

measures as (

    select
        'rank_correlation_of_countries_by_payment_in_time' as statistic,
        'all' as subject,
        corr(
            cast(measured_rank as {{ type_double() }}), cast(published_rank as {{ type_double() }})
        ) as statistic_value
    from ranked_countries
    having count(*) >= 4
    union all
    select
        'mean_days_late_of_accounts' as statistic,
        country_code as subject,
        avg(cast(case when days_late > 0 then days_late else 0 end as {{ type_double() }}))
            as statistic_value
    from due_invoices
    where days_late is not null
    group by country_code
    having count(*) >= 200
    union all
    select
        'payments_per_order' as statistic,
        'all' as subject,
        cast(
            sum(case when payment_type = 'payment' then 1 else 0 end) as {{ type_double() }}
        ) / nullif(count(distinct order_id), 0) as statistic_value
    from payments

),

final as (

    select *
    from shares
    union all
    select
        statistic,
        subject,
        cast(statistic_value as {{ type_double() }}) as statistic_value,
        cast(null as {{ dbt.type_bigint() }}) as sample_size
    from measures

)

select * from final
