{#-
    A returned row is a statistic of the marts outside of its band in published_facts. Shares of
    counts may leave the band by 4.5 standard errors of a binomial sample; concentrations of
    revenue are scored from 1,000 customers or products on, since a few large ones decide small
    samples.
-#}
with

published_facts as (

    select * from {{ ref('published_facts') }}

),

orders as (

    select * from {{ ref('fct_orders') }}

),

order_lines as (

    select * from {{ ref('fct_order_lines') }}

),

invoices as (

    select * from {{ ref('fct_invoices') }}

),

payments as (

    select * from {{ ref('fct_payments') }}

),

customers as (

    select * from {{ ref('dim_customers') }}

),

countries as (

    select * from {{ ref('dim_countries') }}

),

dates as (

    select * from {{ ref('dim_dates') }}

),

horizon as (

    select * from {{ ref('int_reporting_horizon') }}

),

flags as (

    select
        'share_of_working_day_orders_of_accounts' as statistic,
        cast(weekdays.iso_weekday as {{ dbt.type_string() }}) as subject,
        case when dates.iso_weekday = weekdays.iso_weekday then 1 else 0 end as flag
    from orders
    inner join dates
        on orders.order_date = dates.date_day
    inner join countries
        on orders.country_code = countries.country_code
    cross join (values (1), (2), (3), (4), (5)) as weekdays (iso_weekday)
    where
        orders.customer_type = 'account'
        and countries.weekend_days = '6,7'
        and dates.iso_weekday <= 5
    union all
    select
        'share_of_orders_of_persons_in_november_and_december' as statistic,
        'all' as subject,
        case when dates.month_number >= 11 then 1 else 0 end as flag
    from orders
    inner join dates
        on orders.order_date = dates.date_day
    where orders.customer_type = 'person'
    union all
    select
        'share_of_orders_of_accounts_from_10_to_16' as statistic,
        'all' as subject,
        case when order_hour between 10 and 15 then 1 else 0 end as flag
    from orders
    where customer_type = 'account'
    union all
    select
        'share_of_orders_cancelled' as statistic,
        'all' as subject,
        case when is_cancelled then 1 else 0 end as flag
    from orders
    union all
    select
        'share_of_payments_of_persons_by_card' as statistic,
        'all' as subject,
        case when payments.payment_method = 'card' then 1 else 0 end as flag
    from payments
    inner join customers
        on payments.customer_id = customers.customer_id
    where customers.customer_type = 'person'
    union all
    select
        'share_of_invoices_of_accounts_paid_in_time' as statistic,
        customers.country_code as subject,
        case when invoices.days_late <= 0 then 1 else 0 end as flag
    from invoices
    inner join customers
        on invoices.customer_id = customers.customer_id
    cross join horizon
    where
        customers.customer_type = 'account'
        and invoices.due_date < horizon.as_of_date

),

shares as (

    select
        statistic,
        subject,
        count(*) as sample_size,
        avg(cast(flag as {{ type_double() }})) as statistic_value
    from flags
    group by statistic, subject

),

revenues as (

    select
        'revenue_share_of_top_fifth_of_accounts' as statistic,
        cast(customer_id as {{ dbt.type_string() }}) as earner,
        net_amount_eur
    from customers
    where
        customer_type = 'account'
        and order_count > 0
    union all
    select
        'revenue_share_of_top_fifth_of_products_among_accounts' as statistic,
        order_lines.product_id as earner,
        sum(order_lines.net_amount_eur) as net_amount_eur
    from order_lines
    inner join customers
        on order_lines.customer_id = customers.customer_id
    where
        customers.customer_type = 'account'
        and not order_lines.is_cancelled
    group by order_lines.product_id

),

ranked_revenues as (

    select
        statistic,
        net_amount_eur,
        row_number() over (
            partition by statistic
            order by net_amount_eur desc, earner asc
        ) as place,
        count(*) over (partition by statistic) as earner_count
    from revenues

),

concentrations as (

    select
        statistic,
        'all' as subject,
        max(earner_count) as sample_size,
        cast(
            sum(case when 5 * place <= earner_count then net_amount_eur else 0 end)
            as {{ type_double() }}
        ) / cast(sum(net_amount_eur) as {{ type_double() }}) as statistic_value
    from ranked_revenues
    group by statistic
    having max(earner_count) >= 1000

),

statistics as (

    select
        statistic,
        subject,
        statistic_value,
        4.5 * sqrt(statistic_value * (1 - statistic_value) / sample_size) as tolerance
    from shares
    union all
    select
        statistic,
        subject,
        statistic_value,
        0 as tolerance
    from concentrations

),

scored as (

    select
        published_facts.fact_id,
        published_facts.statistic,
        published_facts.subject,
        statistics.statistic_value,
        cast(published_facts.low as {{ type_double() }}) - statistics.tolerance as lowest,
        cast(published_facts.high as {{ type_double() }}) + statistics.tolerance as highest
    from published_facts
    inner join statistics
        on
            published_facts.statistic = statistics.statistic
            and published_facts.subject = statistics.subject

)

select *
from scored
where
    statistic_value < lowest
    or statistic_value > highest
