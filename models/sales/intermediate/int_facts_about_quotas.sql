with

orders as (

    select * from {{ ref('fct_orders') }}

),

dates as (

    select * from {{ ref('dim_dates') }}

),

quota_attainment as (

    select * from {{ ref('fct_quota_attainment') }}

),

assisted_orders as (

    select
        {{ dbt.datediff(
            'orders.order_date', dbt.dateadd('month', 3, 'dates.quarter_start_date'), 'day'
        ) }}
        <= 7 as is_last_week,
        cast(orders.discount_amount_eur as {{ type_double() }}) as discount_amount_eur,
        cast(orders.net_amount_eur + orders.discount_amount_eur as {{ type_double() }})
            as list_amount_eur
    from orders
    inner join dates
        on orders.order_date = dates.date_day
    where
        orders.is_assisted
        and not orders.is_cancelled

),

final as (

    select
        'share_of_quotas_attained' as statistic,
        'all' as subject,
        avg(cast(case when is_attained then 1 else 0 end as {{ type_double() }}))
            as statistic_value,
        count(*) as sample_size
    from quota_attainment
    union all
    select
        'discount_in_the_last_week_of_a_quarter' as statistic,
        'all' as subject,
        sum(case when is_last_week then discount_amount_eur else 0 end)
        / nullif(sum(case when is_last_week then list_amount_eur else 0 end), 0)
        / nullif(sum(case when not is_last_week then discount_amount_eur else 0 end), 0)
        * sum(case when not is_last_week then list_amount_eur else 0 end) as statistic_value,
        cast(null as {{ dbt.type_bigint() }}) as sample_size
    from assisted_orders

)

select * from final
