with

sales_targets as (

    select * from {{ ref('stg_crm__sales_targets') }}

),

orders as (

    select * from {{ ref('fct_orders') }}

),

dates as (

    select * from {{ ref('dim_dates') }}

),

fx_rates as (

    select * from {{ ref('int_fx_rates_by_day') }}

),

orders_per_rep as (

    select
        orders.rep_id,
        dates.month_start_date,
        cast(count(*) as {{ dbt.type_int() }}) as order_count,
        cast(sum(orders.net_amount) as {{ type_money() }}) as net_amount
    from orders
    inner join dates
        on orders.order_date = dates.date_day
    where
        orders.rep_id is not null
        and not orders.is_cancelled
    group by orders.rep_id, dates.month_start_date

),

final as (

    select
        {{ surrogate_key(['sales_targets.rep_id', 'sales_targets.target_month']) }}
            as quota_attainment_key,
        sales_targets.rep_id,

        sales_targets.currency_code,

        coalesce(orders_per_rep.order_count, 0) as order_count,
        sales_targets.target_amount,
        cast(coalesce(orders_per_rep.net_amount, 0) as {{ type_money() }}) as net_amount,
        {{ as_rate('coalesce(orders_per_rep.net_amount, 0) / sales_targets.target_amount') }}
            as attainment_ratio,
        {{ in_eur('sales_targets.target_amount', 'fx_rates.units_per_eur') }} as target_amount_eur,

        coalesce(orders_per_rep.net_amount, 0) >= sales_targets.target_amount as is_attained,

        sales_targets.target_month
    from sales_targets
    left join orders_per_rep
        on
            sales_targets.rep_id = orders_per_rep.rep_id
            and sales_targets.target_month = orders_per_rep.month_start_date
    left join fx_rates
        on
            sales_targets.currency_code = fx_rates.currency_code
            and sales_targets.target_month = fx_rates.date_day

)

select * from final
