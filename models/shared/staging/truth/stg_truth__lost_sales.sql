with

source as (

    select * from {{ source('truth', 'lost_sales') }}

),

final as (

    select
        {{ surrogate_key(['order_id', 'product_id']) }} as lost_sale_key,
        order_id,
        product_id,
        warehouse_id,

        quantity,

        order_date,

        created_at,
        updated_at
    from source

)

select * from final
