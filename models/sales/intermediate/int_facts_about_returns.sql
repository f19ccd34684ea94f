with

order_lines as (

    select * from {{ ref('fct_order_lines') }}

),

customers as (

    select * from {{ ref('dim_customers') }}

),

products as (

    select * from {{ ref('dim_products') }}

),

orders as (

    select * from {{ ref('fct_order_fulfilment') }}

),

invoices as (

    select * from {{ ref('fct_invoices') }}

),

returns_taken as (

    select * from {{ ref('fct_returns') }}

),

return_lines as (

    select * from {{ ref('stg_rma__return_lines') }}

),

horizon as (

    select * from {{ ref('int_reporting_horizon') }}

),

lines as (

    select
        customers.customer_type,
        products.department_name,
        order_lines.quantity,
        return_lines.quantity as returned_quantity,
        case when return_lines.quantity is null then 0 else 1 end as is_returned,
        cast(order_lines.net_amount_eur as {{ type_double() }}) as net_amount_eur
    from order_lines
    inner join customers
        on order_lines.customer_id = customers.customer_id
    inner join products
        on order_lines.product_id = products.product_id
    left join return_lines
        on
            order_lines.order_id = return_lines.order_id
            and order_lines.line_no = return_lines.line_no
    where not order_lines.is_cancelled

),

flags as (

    select
        'share_of_documents_of_accounts_that_are_credit_notes' as statistic,
        'all' as subject,
        case when invoices.invoice_type = 'credit_note' then 1 else 0 end as flag
    from invoices
    inner join customers
        on invoices.customer_id = customers.customer_id
    where customers.customer_type = 'account'
    union all
    select
        'share_of_lines_of_accounts_that_are_credited' as statistic,
        'all' as subject,
        is_returned as flag
    from lines
    where customer_type = 'account'
    union all
    select
        'share_of_returned_lines_in_full_quantity' as statistic,
        'all' as subject,
        case when returned_quantity = quantity then 1 else 0 end as flag
    from lines
    where
        is_returned = 1
        and quantity > 2
    union all
    select
        'share_of_lines_of_persons_returned' as statistic,
        case
            when department_name in ('Furniture and lighting', 'Home and kitchen')
                then 'Furniture and home'
            else department_name
        end as subject,
        is_returned as flag
    from lines
    where customer_type = 'person'

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

return_rates as (

    select
        customer_type,
        sum(net_amount_eur * coalesce(returned_quantity, 0) / quantity)
        / nullif(sum(net_amount_eur), 0) as value_share
    from lines
    group by customer_type

),

orders_of_persons as (

    -- Orders whose returns have had the time to arrive.
    select
        extract(month from orders.order_date) >= 11 as is_season,
        cast(case when orders.has_return then 1 else 0 end as {{ type_double() }}) as has_return
    from orders
    inner join customers
        on orders.customer_id = customers.customer_id
    cross join horizon
    where
        customers.customer_type = 'person'
        and orders.delivery_count > 0
        and {{ dbt.datediff('orders.order_date', 'horizon.as_of_date', 'day') }} > 120

),

measures as (

    select
        'value_share_of_sales_to_' || customer_type || 's_returned' as statistic,
        'all' as subject,
        value_share as statistic_value
    from return_rates
    union all
    select
        'return_rate_of_the_season_to_the_rest' as statistic,
        'all' as subject,
        avg(case when is_season then has_return end)
        / nullif(avg(case when not is_season then has_return end), 0) as statistic_value
    from orders_of_persons
    {% for percent, name in [(0.5, 'median'), (0.75, 'third_quartile'), (0.9, 'ninth_decile')] %}
    union all
    select
        '{{ name }}_of_days_from_delivery_to_return' as statistic,
        'all' as subject,
        percentile_cont({{ percent }}) within group (order by days_from_delivery)
            as statistic_value
    from returns_taken
    having count(*) >= 100
    {% endfor %}

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
    where statistic_value is not null

)

select * from final
