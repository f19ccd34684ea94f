with

source as (

    select * from {{ source('truth', 'latent_customers') }}

),

final as (

    select
        customer_id,

        order_rate,
        extra_lines,
        volume,
        promptness,

        churns_on,

        created_at,
        updated_at
    from source

)

select * from final
