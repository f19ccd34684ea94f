with

orders as (

    select * from {{ ref('fct_orders') }}

),

dates as (

    select * from {{ ref('dim_dates') }}

),

dated_orders as (

    select
        orders.customer_id,
        orders.customer_type,
        orders.net_amount_eur,
        dates.month_start_date,
        dates.year_number * 12 + dates.month_number as month_index
    from orders
    inner join dates
        on orders.order_date = dates.date_day
    where not orders.is_cancelled

),

first_months as (

    select
        customer_id,
        min(month_start_date) as cohort_month,
        min(month_index) as cohort_index
    from dated_orders
    group by customer_id

),

active_months as (

    select
        dated_orders.customer_type,
        first_months.cohort_month,
        cast(dated_orders.month_index - first_months.cohort_index as {{ dbt.type_int() }})
            as months_since_first_order,
        cast(count(distinct dated_orders.customer_id) as {{ dbt.type_int() }})
            as active_customer_count,
        cast(count(*) as {{ dbt.type_int() }}) as order_count,
        cast(sum(dated_orders.net_amount_eur) as {{ type_money() }}) as net_amount_eur
    from dated_orders
    inner join first_months
        on dated_orders.customer_id = first_months.customer_id
    group by
        dated_orders.customer_type, first_months.cohort_month,
        dated_orders.month_index - first_months.cohort_index

),

cohort_sizes as (

    select
        customer_type,
        cohort_month,
        active_customer_count as cohort_size
    from active_months
    where months_since_first_order = 0

),

final as (

    select
        {{ surrogate_key([
            'active_months.customer_type', 'active_months.cohort_month',
            'active_months.months_since_first_order'
        ]) }} as customer_cohort_key,

        active_months.customer_type,

        active_months.months_since_first_order,
        cohort_sizes.cohort_size,
        active_months.active_customer_count,
        {{ as_rate('1.0 * active_months.active_customer_count / cohort_sizes.cohort_size') }}
            as retention_ratio,
        active_months.order_count,
        active_months.net_amount_eur,

        active_months.cohort_month
    from active_months
    inner join cohort_sizes
        on
            active_months.customer_type = cohort_sizes.customer_type
            and active_months.cohort_month = cohort_sizes.cohort_month

)

select * from final
