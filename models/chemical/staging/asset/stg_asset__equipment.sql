with

source as (

    select * from {{ source('asset', 'equipment') }}

),

final as (

    select
        equipment_id,
        org_id,
        unit_id,

        equipment_code,
        equipment_name,
        equipment_class,
        description,
        manufacturer,

        installed_on,

        created_at,
        updated_at
    from source

)

select * from final
