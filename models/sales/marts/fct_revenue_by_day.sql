with

orders as (

    select * from {{ ref('fct_orders') }}

),

standing_orders as (

    select * from orders
    where not is_cancelled

),

revenue as (

    select
        country_code,
        currency_code,
        customer_type,
        order_date,
        cast(count(*) as {{ dbt.type_int() }}) as order_count,
        cast(count(distinct customer_id) as {{ dbt.type_int() }}) as customer_count,
        cast(sum(case when customer_order_number = 1 then 1 else 0 end) as {{ dbt.type_int() }})
            as first_order_count,
        cast(sum(line_count) as {{ dbt.type_int() }}) as line_count,
        cast(sum(unit_count) as bigint) as unit_count,
        cast(sum(net_amount) as {{ type_money() }}) as net_amount,
        cast(sum(discount_amount_eur) as {{ type_money() }}) as discount_amount_eur,
        cast(sum(net_amount_eur) as {{ type_money() }}) as net_amount_eur,
        cast(sum(tax_amount_eur) as {{ type_money() }}) as tax_amount_eur
    from standing_orders
    group by country_code, currency_code, customer_type, order_date

),

final as (

    select
        {{ surrogate_key(['order_date', 'country_code', 'customer_type']) }} as revenue_by_day_key,

        country_code,
        currency_code,
        customer_type,

        order_count,
        customer_count,
        first_order_count,
        line_count,
        unit_count,
        net_amount,
        discount_amount_eur,
        net_amount_eur,
        tax_amount_eur,

        order_date
    from revenue

)

select * from final
