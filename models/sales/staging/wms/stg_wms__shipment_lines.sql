with

source as (

    select * from {{ source('wms', 'shipment_lines') }}

),

final as (

    select
        {{ surrogate_key(['shipment_id', 'line_no']) }} as shipment_line_key,
        shipment_id,
        line_no,
        order_id,
        product_id,

        quantity,

        created_at,
        updated_at
    from source

)

select * from final
