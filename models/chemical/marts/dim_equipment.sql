with

equipment as (

    select * from {{ ref('stg_asset__equipment') }}

),

units as (

    select * from {{ ref('int_units__hierarchy') }}

),

tags_per_equipment as (

    select
        equipment_id,
        count(*) as tag_count,
        count(distinct loop_id) as loop_count
    from {{ ref('stg_asset__tags') }}
    group by equipment_id

),

final as (

    select
        equipment.equipment_id,
        equipment.org_id,
        units.site_id,
        units.plant_id,
        equipment.unit_id,

        equipment.equipment_code,
        equipment.equipment_name,
        equipment.equipment_class,
        equipment.description as equipment_description,
        equipment.manufacturer,
        units.unit_code,
        units.unit_name,
        units.process_model,
        units.plant_name,
        units.site_name,
        units.time_zone,
        units.console_code,
        units.org_code,
        units.org_name,

        coalesce(tags_per_equipment.tag_count, 0) as tag_count,
        coalesce(tags_per_equipment.loop_count, 0) as loop_count,

        equipment.installed_on as installed_date
    from equipment
    inner join units
        on
            equipment.org_id = units.org_id
            and equipment.unit_id = units.unit_id
    left join tags_per_equipment
        on equipment.equipment_id = tags_per_equipment.equipment_id

)

select * from final
