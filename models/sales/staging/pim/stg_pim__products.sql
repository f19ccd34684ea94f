with

source as (

    select * from {{ source('pim', 'products') }}

),

final as (

    select
        product_id,
        category_id,

        product_name,
        brand_name,

        pack_size,
        weight_kg,

        launched_on,

        created_at,
        updated_at
    from source

)

select * from final
