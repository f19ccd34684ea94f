with

orders as (

    select * from {{ ref('stg_oms__orders') }}

),

fulfilments as (

    select * from {{ ref('int_order_fulfilments') }}

),

order_lines as (

    select * from {{ ref('stg_oms__order_lines') }}

),

fx_rates as (

    select * from {{ ref('int_fx_rates_by_day') }}

),

final as (

    select
        order_lines.order_line_key,
        order_lines.order_id,
        order_lines.line_no,
        order_lines.product_id,
        orders.customer_id,
        order_lines.promotion_id,

        orders.country_code,
        orders.currency_code,
        order_lines.tax_class,

        order_lines.quantity,
        order_lines.list_price,
        order_lines.discount_rate,
        order_lines.tax_rate,
        fx_rates.units_per_eur,
        order_lines.discount_amount,
        order_lines.net_amount,
        order_lines.tax_amount,
        order_lines.gross_amount,
        {{ in_eur('order_lines.discount_amount', 'fx_rates.units_per_eur') }}
            as discount_amount_eur,
        {{ in_eur('order_lines.net_amount', 'fx_rates.units_per_eur') }}
            as net_amount_eur,
        {{ in_eur('order_lines.tax_amount', 'fx_rates.units_per_eur') }}
            as tax_amount_eur,

        fulfilments.is_cancelled,

        orders.order_date
    from order_lines
    inner join orders
        on order_lines.order_id = orders.order_id
    inner join fulfilments
        on orders.order_id = fulfilments.order_id
    left join fx_rates
        on
            orders.currency_code = fx_rates.currency_code
            and orders.order_date = fx_rates.date_day

)

select * from final
