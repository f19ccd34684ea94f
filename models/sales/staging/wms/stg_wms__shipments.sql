with

source as (

    select * from {{ source('wms', 'shipments') }}

),

final as (

    select
        shipment_id,
        order_id,
        warehouse_id,

        carrier_name,

        promised_on,
        shipped_on,

        shipped_at,
        created_at,
        updated_at
    from source

)

select * from final
