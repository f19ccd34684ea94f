with

source as (

    select * from {{ source('wms', 'warehouses') }}

),

final as (

    select
        warehouse_id,

        warehouse_name,
        service_area,
        country_code,
        time_zone,

        created_at,
        updated_at
    from source

)

select * from final
