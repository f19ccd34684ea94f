with

source as (

    select * from {{ source('rma', 'returns') }}

),

final as (

    select
        return_id,
        order_id,
        shipment_id,
        customer_id,
        warehouse_id,

        return_reason,

        requested_on,
        returned_on,

        returned_at,
        created_at,
        updated_at
    from source

)

select * from final
