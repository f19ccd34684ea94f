with

source as (

    select * from {{ source('pim', 'product_prices') }}

),

final as (

    select
        {{ surrogate_key(['product_id', 'market_code', 'effective_from']) }} as product_price_key,
        product_id,

        market_code,
        currency_code,

        list_price,

        effective_from,

        created_at,
        updated_at
    from source

)

select * from final
