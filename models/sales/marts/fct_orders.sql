with

orders as (

    select * from {{ ref('stg_oms__orders') }}

),

customers as (

    select * from {{ ref('stg_crm__customers') }}

),

customer_versions as (

    select * from {{ ref('dim_customer_versions') }}

),

fulfilments as (

    select * from {{ ref('int_order_fulfilments') }}

),

order_lines as (

    select * from {{ ref('fct_order_lines') }}

),

lines_per_order as (

    select
        order_id,
        cast(sum(quantity) as {{ dbt.type_int() }}) as unit_count,
        cast(sum(discount_amount_eur) as {{ type_money() }}) as discount_amount_eur,
        cast(sum(net_amount_eur) as {{ type_money() }}) as net_amount_eur,
        cast(sum(tax_amount_eur) as {{ type_money() }}) as tax_amount_eur
    from order_lines
    group by order_id

),

final as (

    select
        orders.order_id,
        orders.customer_id,
        customer_versions.customer_version_key,
        orders.rep_id,
        orders.shipping_address_id,

        customers.customer_type,
        orders.country_code,
        orders.market_code,
        orders.currency_code,
        orders.sales_channel,
        fulfilments.order_status,

        cast(
            row_number() over (
                partition by orders.customer_id
                order by orders.ordered_at, orders.order_id
            ) as {{ dbt.type_int() }}
        ) as customer_order_number,
        {{ local_hour('orders.ordered_at', 'orders.utc_offset_minutes') }} as order_hour,
        orders.line_count,
        lines_per_order.unit_count,
        orders.discount_amount,
        orders.net_amount,
        orders.tax_amount,
        orders.gross_amount,
        lines_per_order.discount_amount_eur,
        lines_per_order.net_amount_eur,
        lines_per_order.tax_amount_eur,
        cast(lines_per_order.net_amount_eur + lines_per_order.tax_amount_eur as {{ type_money() }})
            as gross_amount_eur,

        fulfilments.is_cancelled,
        orders.rep_id is not null as is_assisted,

        orders.order_date,

        orders.ordered_at
    from orders
    inner join customers
        on orders.customer_id = customers.customer_id
    inner join fulfilments
        on orders.order_id = fulfilments.order_id
    left join customer_versions
        on
            orders.customer_id = customer_versions.customer_id
            and orders.ordered_at >= customer_versions.valid_from
            and (
                customer_versions.valid_to is null
                or orders.ordered_at < customer_versions.valid_to
            )
    left join lines_per_order
        on orders.order_id = lines_per_order.order_id

)

select * from final
