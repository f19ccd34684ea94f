with

warehouses as (

    select * from {{ ref('stg_wms__warehouses') }}

),

final as (

    select
        warehouse_id,

        warehouse_name,
        service_area,
        country_code,
        time_zone
    from warehouses

)

select * from final
