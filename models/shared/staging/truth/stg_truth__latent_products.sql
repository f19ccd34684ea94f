with

source as (

    select * from {{ source('truth', 'latent_products') }}

),

final as (

    select
        product_id,

        popularity,
        price_elasticity,
        return_rate,

        created_at,
        updated_at
    from source

)

select * from final
