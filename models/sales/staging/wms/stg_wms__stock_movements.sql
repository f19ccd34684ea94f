with

source as (

    select * from {{ source('wms', 'stock_movements') }}

),

final as (

    select
        movement_id,
        product_id,
        warehouse_id,
        shipment_id,
        return_id,

        movement_type,

        quantity,

        moved_on,

        moved_at,
        created_at,
        updated_at
    from source

)

select * from final
