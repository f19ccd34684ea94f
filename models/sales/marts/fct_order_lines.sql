with

order_lines as (

    select * from {{ ref('int_order_lines_in_eur') }}

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
    from order_lines

)

select * from final
