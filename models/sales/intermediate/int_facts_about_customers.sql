with

customers as (

    select * from {{ ref('dim_customers') }}

),

orders as (

    select * from {{ ref('fct_orders') }}

),

order_lines as (

    select * from {{ ref('fct_order_lines') }}

),

horizon as (

    select * from {{ ref('int_reporting_horizon') }}

),

earners as (

    select
        'accounts' as earner_kind,
        cast(customer_id as {{ dbt.type_string() }}) as earner,
        net_amount_eur
    from customers
    where
        customer_type = 'account'
        and order_count > 0
    union all
    select
        'products_among_accounts' as earner_kind,
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

ranked_earners as (

    select
        earner_kind,
        cast(net_amount_eur as {{ type_double() }}) as net_amount_eur,
        cast(
            row_number() over (
                partition by earner_kind
                order by net_amount_eur desc, earner asc
            ) as {{ type_double() }}
        ) / count(*) over (partition by earner_kind) as quantile_from_top,
        count(*) over (partition by earner_kind) as earner_count
    from earners

),

first_orders as (

    select
        orders.customer_id,
        orders.customer_type,
        min(orders.order_date) as first_order_date
    from orders
    inner join customers
        on orders.customer_id = customers.customer_id
    where not orders.is_cancelled
    group by orders.customer_id, orders.customer_type

),

repeats as (

    select
        first_orders.customer_id,
        first_orders.customer_type,
        max(
            case
                when
                    orders.order_date > first_orders.first_order_date
                    and {{ dbt.datediff(
                        'first_orders.first_order_date', 'orders.order_date', 'day'
                    ) }}
                    <= 365
                    then 1
                else 0
            end
        ) as within_a_year,
        max(
            case
                when
                    orders.order_date > first_orders.first_order_date
                    and {{ dbt.datediff(
                        'first_orders.first_order_date', 'orders.order_date', 'day'
                    ) }}
                    <= 273
                    then 1
                else 0
            end
        ) as within_39_weeks
    from first_orders
    inner join customers
        on first_orders.customer_id = customers.customer_id
    cross join horizon
    inner join orders
        on first_orders.customer_id = orders.customer_id
    where
        {{ dbt.datediff('first_orders.first_order_date', 'horizon.as_of_date', 'day') }} > 365
        and {{ dbt.datediff('customers.acquired_on', 'first_orders.first_order_date', 'day') }}
        <= 31
        and not orders.is_cancelled
    group by first_orders.customer_id, first_orders.customer_type

),

revenue_by_country as (

    select
        country_code,
        cast(sum(net_amount_eur) as {{ type_double() }}) as net_amount_eur
    from orders
    group by country_code

),

final as (

    select
        'revenue_share_of_top_fifth_of_' || earner_kind as statistic,
        'all' as subject,
        cast(
            sum(case when quantile_from_top <= 0.2 then net_amount_eur else 0 end)
            / sum(net_amount_eur) as {{ type_double() }}
        ) as statistic_value,
        cast(0 as {{ type_double() }}) as tolerance
    from ranked_earners
    group by earner_kind
    having max(earner_count) >= 1000
    union all
    select
        'revenue_share_of_top_5_percent_of_' || earner_kind as statistic,
        'all' as subject,
        cast(
            sum(case when quantile_from_top <= 0.05 then net_amount_eur else 0 end)
            / sum(net_amount_eur) as {{ type_double() }}
        ) as statistic_value,
        cast(0 as {{ type_double() }}) as tolerance
    from ranked_earners
    group by earner_kind
    having max(earner_count) >= 1000
    union all
    select
        'revenue_share_of_top_1_percent_of_' || earner_kind as statistic,
        'all' as subject,
        cast(
            sum(case when quantile_from_top <= 0.01 then net_amount_eur else 0 end)
            / sum(net_amount_eur) as {{ type_double() }}
        ) as statistic_value,
        cast(0 as {{ type_double() }}) as tolerance
    from ranked_earners
    group by earner_kind
    having max(earner_count) >= 1000
    union all
    select
        'share_of_new_accounts_ordering_again_within_a_year' as statistic,
        'all' as subject,
        avg(cast(within_a_year as {{ type_double() }})) as statistic_value,
        cast(0 as {{ type_double() }}) as tolerance
    from repeats
    where customer_type = 'account'
    having count(*) >= 100
    union all
    select
        'share_of_new_persons_not_ordering_again_within_39_weeks' as statistic,
        'all' as subject,
        1 - avg(cast(within_39_weeks as {{ type_double() }})) as statistic_value,
        cast(0 as {{ type_double() }}) as tolerance
    from repeats
    where customer_type = 'person'
    having count(*) >= 100
    union all
    select
        'revenue_share_of_home_country' as statistic,
        'all' as subject,
        cast(max(net_amount_eur) / sum(net_amount_eur) as {{ type_double() }}) as statistic_value,
        cast(0 as {{ type_double() }}) as tolerance
    from revenue_by_country

)

select * from final
