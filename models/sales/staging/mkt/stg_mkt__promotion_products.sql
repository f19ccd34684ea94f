with

source as (

    select * from {{ source('mkt', 'promotion_products') }}

),

final as (

    select
        {{ surrogate_key(['promotion_id', 'product_id']) }} as promotion_product_key,
        promotion_id,
        product_id,

        created_at,
        updated_at
    from source

)

select * from final
