with

invoices as (

    select * from {{ ref('fct_invoices') }}

),

receivables as (

    select * from {{ ref('fct_receivables_aging') }}

),

customers as (

    select * from {{ ref('dim_customers') }}

),

horizon as (

    select * from {{ ref('int_reporting_horizon') }}

),

accounts as (

    select
        customer_id,
        country_code,
        payment_terms_days,
        country_code in (
            'AT', 'BE', 'CH', 'DE', 'DK', 'ES', 'FR', 'GB', 'GR', 'IE', 'IT', 'NL', 'SE'
        ) as is_in_western_europe,
        country_code in (
            'AT', 'BE', 'BG', 'CY', 'CZ', 'DE', 'DK', 'EE', 'ES', 'FI', 'FR', 'GR', 'HR', 'HU',
            'IE', 'IT', 'LT', 'LU', 'LV', 'MT', 'NL', 'PL', 'PT', 'RO', 'SE', 'SI', 'SK'
        ) as is_in_the_union,
        ntile(2) over (
            partition by country_code
            order by net_amount_eur desc, customer_id asc
        ) = 1 as is_larger_half
    from customers
    where
        customer_type = 'account'
        and order_count > 0

),

due_invoices as (

    select
        accounts.country_code,
        accounts.payment_terms_days,
        accounts.is_in_western_europe,
        accounts.is_in_the_union,
        accounts.is_larger_half,
        cast(invoices.gross_amount_eur as {{ type_double() }}) as gross_amount_eur,
        cast(invoices.open_amount_eur as {{ type_double() }}) as open_amount_eur,
        case when invoices.days_late <= 0 then 1 else 0 end as is_in_time,
        cast(
            {{ dbt.datediff('invoices.invoice_date', 'invoices.settled_date', 'day') }}
            as {{ type_double() }}
        ) as days_to_cash,
        {{ dbt.datediff('invoices.due_date', 'horizon.as_of_date', 'day') }} as days_since_due
    from invoices
    inner join accounts
        on invoices.customer_id = accounts.customer_id
    cross join horizon
    where
        invoices.invoice_type = 'invoice'
        and invoices.due_date < horizon.as_of_date

),

sizes_by_country as (

    select
        country_code,
        avg(case when is_larger_half then days_to_cash end) as days_of_larger,
        avg(case when not is_larger_half then days_to_cash end) as days_of_smaller
    from due_invoices
    group by country_code

),

open_by_country as (

    select
        accounts.country_code,
        cast(sum(receivables.open_amount_eur) as {{ type_double() }})
        / count(distinct receivables.month_end_date) as mean_open_amount_eur
    from receivables
    inner join accounts
        on receivables.customer_id = accounts.customer_id
    cross join horizon
    where {{ dbt.datediff('receivables.month_end_date', 'horizon.as_of_date', 'day') }} < 365
    group by accounts.country_code

),

invoiced_by_country as (

    select
        accounts.country_code,
        cast(sum(invoices.gross_amount_eur) as {{ type_double() }}) as gross_amount_eur
    from invoices
    inner join accounts
        on invoices.customer_id = accounts.customer_id
    cross join horizon
    where
        invoices.invoice_type = 'invoice'
        and {{ dbt.datediff('invoices.invoice_date', 'horizon.as_of_date', 'day') }} < 365
    group by accounts.country_code

),

measures as (

    select
        'value_share_of_receivables_overdue' as statistic,
        'western Europe' as subject,
        1 - sum(is_in_time * gross_amount_eur) / nullif(sum(gross_amount_eur), 0) as statistic_value
    from due_invoices
    where is_in_western_europe
    union all
    select
        'share_of_invoices_paid_late' as statistic,
        'western Europe' as subject,
        1 - avg(cast(is_in_time as {{ type_double() }})) as statistic_value
    from due_invoices
    where is_in_western_europe
    union all
    select
        'value_share_of_receivables_never_paid' as statistic,
        'western Europe' as subject,
        sum(open_amount_eur) / nullif(sum(gross_amount_eur), 0) as statistic_value
    from due_invoices
    where
        is_in_western_europe
        and days_since_due > 365
    union all
    select
        'days_of_sales_outstanding' as statistic,
        open_by_country.country_code as subject,
        365 * open_by_country.mean_open_amount_eur
        / nullif(invoiced_by_country.gross_amount_eur, 0)
            as statistic_value
    from open_by_country
    inner join invoiced_by_country
        on open_by_country.country_code = invoiced_by_country.country_code
    union all
    select
        'mean_days_from_invoice_to_cash' as statistic,
        'European Union' as subject,
        avg(days_to_cash) as statistic_value
    from due_invoices
    where is_in_the_union
    union all
    select
        'correlation_of_terms_and_days_to_cash' as statistic,
        'all' as subject,
        case
            when min(payment_terms_days) < max(payment_terms_days)
                then corr(cast(payment_terms_days as {{ type_double() }}), days_to_cash)
        end as statistic_value
    from due_invoices
    where days_to_cash is not null
    union all
    select
        'share_of_countries_whose_larger_accounts_pay_later' as statistic,
        'all' as subject,
        avg(
            cast(
                case when days_of_larger > days_of_smaller then 1 else 0 end as {{ type_double() }}
            )
        ) as statistic_value
    from sizes_by_country
    having count(*) >= 10

),

final as (

    select
        statistic,
        subject,
        cast(statistic_value as {{ type_double() }}) as statistic_value,
        cast(null as {{ dbt.type_bigint() }}) as sample_size
    from measures

)

select * from final
