with

customers as (

    select * from {{ ref('dim_customers') }}

),

orders as (

    select * from {{ ref('fct_orders') }}

),

horizon as (

    select * from {{ ref('int_reporting_horizon') }}

),

first_orders as (

    select
        orders.customer_id,
        orders.customer_type,
        min(orders.order_date) as first_order_date
    from orders
    where not orders.is_cancelled
    group by orders.customer_id, orders.customer_type

),

days_to_next_orders as (

    select
        first_orders.customer_id,
        first_orders.customer_type,
        min(
            case
                when orders.order_date > first_orders.first_order_date
                    then {{ dbt.datediff(
                        'first_orders.first_order_date', 'orders.order_date', 'day'
                    ) }}
            end
        ) as days_to_second_order
    from first_orders
    inner join customers
        on first_orders.customer_id = customers.customer_id
    cross join horizon
    inner join orders
        on first_orders.customer_id = orders.customer_id
    where
        {{ dbt.datediff('first_orders.first_order_date', 'horizon.as_of_date', 'day') }} > 365
        -- Whose first order is their first ever: they were won in the month before it.
        and {{ dbt.datediff('customers.acquired_on', 'first_orders.first_order_date', 'day') }}
        <= 31
        and not orders.is_cancelled
    group by first_orders.customer_id, first_orders.customer_type

),

accounts_of_last_year as (

    select
        orders.customer_id,
        cast(count(*) as {{ type_double() }}) as order_count
    from orders
    cross join horizon
    where
        orders.customer_type = 'account'
        and not orders.is_cancelled
        and {{ dbt.datediff('orders.order_date', 'horizon.as_of_date', 'day') }} < 365
    group by orders.customer_id

),

beginning as (

    select min(first_order_date) as first_date
    from first_orders

),

active_months as (

    -- Months are counted from the first one with orders, as for a company that began then.
    select distinct
        orders.customer_id,
        {{ dbt.datediff('beginning.first_date', 'orders.order_date', 'month') }} + 1
            as active_month,
        {{ dbt.datediff('first_orders.first_order_date', 'orders.order_date', 'month') }} = 0
            as is_new
    from orders
    inner join first_orders
        on orders.customer_id = first_orders.customer_id
    cross join beginning
    where orders.customer_type = 'account'

),

flags as (

    select
        'share_of_new_accounts_ordering_again_within_a_year' as statistic,
        'all' as subject,
        case when days_to_second_order <= 365 then 1 else 0 end as flag
    from days_to_next_orders
    where customer_type = 'account'
    union all
    select
        'share_of_new_persons_not_ordering_again_within_39_weeks' as statistic,
        'all' as subject,
        case when days_to_second_order <= 273 then 0 else 1 end as flag
    from days_to_next_orders
    where customer_type = 'person'
    union all
    select
        'share_of_accounts_with_one_order_in_a_year' as statistic,
        'all' as subject,
        case when order_count = 1 then 1 else 0 end as flag
    from accounts_of_last_year
    union all
    select
        'share_of_active_accounts_that_are_new' as statistic,
        case when active_month = 2 then 'month 2' else 'months 9 to 12' end as subject,
        case when is_new then 1 else 0 end as flag
    from active_months
    where
        active_month = 2
        or active_month between 9 and 12

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

final as (

    select *
    from shares
    union all
    select
        'mean_orders_of_an_account_in_a_year' as statistic,
        'all' as subject,
        avg(order_count) as statistic_value,
        cast(null as {{ dbt.type_bigint() }}) as sample_size
    from accounts_of_last_year
    union all
    select
        'median_orders_of_an_account_in_a_year' as statistic,
        'all' as subject,
        cast(percentile_cont(0.5) within group (order by order_count) as {{ type_double() }})
            as statistic_value,
        cast(null as {{ dbt.type_bigint() }}) as sample_size
    from accounts_of_last_year

)

select * from final
