with

source as (

    select * from {{ source('oms', 'orders') }}

),

final as (

    select
        order_id,
        customer_id,
        rep_id,
        shipping_address_id,

        country_code,
        market_code,
        currency_code,
        sales_channel,

        line_count,
        discount_amount,
        net_amount,
        tax_amount,
        gross_amount,
        utc_offset_minutes,

        order_date,

        ordered_at,
        created_at,
        updated_at
    from source

)

select * from final
