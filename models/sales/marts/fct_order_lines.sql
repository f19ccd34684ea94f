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

-- Rounded here, once: whoever adds up lines agrees with whoever adds up orders.
order_lines_in_eur as (

    select
        order_lines.*,
        orders.customer_id,
        orders.country_code,
        orders.currency_code,
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

),

final as (

    select
        order_line_key,
        order_id,
        line_no,
        product_id,
        customer_id,
        promotion_id,

        country_code,
        currency_code,
        tax_class,

        quantity,
        list_price,
        discount_rate,
        tax_rate,
        discount_amount,
        net_amount,
        tax_amount,
        gross_amount,
        discount_amount_eur,
        net_amount_eur,
        tax_amount_eur,
        cast(net_amount_eur + tax_amount_eur as {{ type_money() }}) as gross_amount_eur,

        is_cancelled,

        order_date
    from order_lines_in_eur

)

select * from final
