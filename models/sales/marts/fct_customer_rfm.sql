with

customers as (

    select * from {{ ref('dim_customers') }}

),

horizon as (

    select * from {{ ref('int_reporting_horizon') }}

),

buyers as (

    select
        customers.customer_id,
        customers.customer_type,
        customers.country_code,
        customers.order_count,
        customers.net_amount_eur,
        customers.last_order_date,
        cast(
            {{ dbt.datediff(
                'customers.last_order_date', 'horizon.as_of_date', 'day'
            ) }} as {{ dbt.type_int() }}
        )
            as days_since_last_order
    from customers
    cross join horizon
    where customers.order_count > 0

),

scored as (

    select
        *,
        cast(
            ntile(5) over (
                partition by customer_type
                order by days_since_last_order desc, customer_id asc
            ) as {{ dbt.type_int() }}
        ) as recency_score,
        cast(
            ntile(5) over (
                partition by customer_type
                order by order_count asc, customer_id asc
            ) as {{ dbt.type_int() }}
        ) as frequency_score,
        cast(
            ntile(5) over (
                partition by customer_type
                order by net_amount_eur asc, customer_id asc
            ) as {{ dbt.type_int() }}
        ) as monetary_score
    from buyers

),

final as (

    select
        customer_id,

        customer_type,
        country_code,
        case
            when recency_score >= 4 and frequency_score >= 4 and monetary_score >= 4 then 'champion'
            when recency_score >= 3 and frequency_score >= 3 then 'loyal'
            when recency_score >= 4 then 'recent'
            when frequency_score >= 4 or monetary_score >= 4 then 'at_risk'
            else 'dormant'
        end as rfm_segment,

        recency_score,
        frequency_score,
        monetary_score,
        days_since_last_order,
        order_count,
        net_amount_eur,

        last_order_date
    from scored

)

select * from final
