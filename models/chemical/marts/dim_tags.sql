with

tags as (

    select * from {{ ref('stg_asset__tags') }}

),

equipment as (

    select * from {{ ref('stg_asset__equipment') }}

),

control_loops as (

    select * from {{ ref('stg_asset__control_loops') }}

),

units as (

    select * from {{ ref('int_units__hierarchy') }}

),

final as (

    select
        tags.tag_id,
        tags.org_id,
        units.site_id,
        units.plant_id,
        tags.unit_id,
        tags.equipment_id,
        tags.loop_id,

        tags.tag_name,
        tags.description as tag_description,
        tags.isa_function,
        tags.tag_role,
        tags.unit_of_measure,
        tags.unece_code,
        control_loops.loop_name,
        equipment.equipment_code,
        equipment.equipment_name,
        equipment.equipment_class,
        units.unit_code,
        units.unit_name,
        units.process_model,
        units.plant_name,
        units.site_name,
        units.time_zone,
        units.org_code,
        units.org_name,

        tags.range_low,
        tags.range_high,
        tags.resolution,
        tags.normal_value,
        tags.noise_sd,
        tags.scan_interval_ms,
        tags.max_hold_seconds,

        tags.is_stepped
    from tags
    inner join equipment
        on
            tags.org_id = equipment.org_id
            and tags.equipment_id = equipment.equipment_id
    left join control_loops
        on
            tags.org_id = control_loops.org_id
            and tags.loop_id = control_loops.loop_id
    inner join units
        on
            tags.org_id = units.org_id
            and tags.unit_id = units.unit_id

)

select * from final
