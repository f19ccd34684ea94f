with

orders as (

    select * from {{ ref('fct_orders') }}

),

horizon as (

    select * from {{ ref('int_reporting_horizon') }}

),

standing_orders as (

    select * from orders
    where not is_cancelled

),

lifetimes as (

    select
        customer_id,
        cast(count(*) as {{ dbt.type_int() }}) as order_count,
        cast(sum(net_amount_eur) as {{ type_money() }}) as net_amount_eur,
        min(order_date) as first_order_date,
        max(order_date) as last_order_date
    from standing_orders
    group by customer_id

),

ranked as (

    select
        *,
        cast(
            sum(net_amount_eur) over (
                order by net_amount_eur desc, customer_id asc
                rows between unbounded preceding and current row
            ) as {{ type_money() }}
        ) - net_amount_eur as net_amount_eur_of_greater,
        cast(sum(net_amount_eur) over () as {{ type_money() }}) as net_amount_eur_of_all
    from lifetimes

),

with_recency as (

    select
        ranked.*,
        {{ dbt.datediff('ranked.first_order_date', 'horizon.as_of_date', 'day') }}
            as days_since_first_order,
        {{ dbt.datediff('ranked.last_order_date', 'horizon.as_of_date', 'day') }}
            as days_since_last_order
    from ranked
    cross join horizon

),

final as (

    select
        customer_id,

        case
            when days_since_last_order > 365 then 'lapsed'
            when days_since_last_order > 180 then 'at_risk'
            when days_since_first_order <= 90 then 'new'
            else 'active'
        end as lifecycle_stage,
        case
            when net_amount_eur_of_greater < 0.80 * net_amount_eur_of_all then 'A'
            when net_amount_eur_of_greater < 0.95 * net_amount_eur_of_all then 'B'
            else 'C'
        end as revenue_class,

        order_count,
        net_amount_eur,

        first_order_date,
        last_order_date
    from with_recency

)

select * from final
