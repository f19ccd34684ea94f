with

units as (

    select * from {{ ref('int_units__hierarchy') }}

),

tags_per_unit as (

    select
        unit_id,
        count(*) as tag_count
    from {{ ref('stg_asset__tags') }}
    group by unit_id

),

loops_per_unit as (

    select
        unit_id,
        count(*) as loop_count
    from {{ ref('stg_asset__control_loops') }}
    group by unit_id

),

alarms_per_unit as (

    select
        tags.unit_id,
        count(distinct tag_limits.tag_id) as alarmed_tag_count
    from {{ ref('stg_asset__tag_limits') }} as tag_limits
    inner join {{ ref('stg_asset__tags') }} as tags
        on
            tag_limits.org_id = tags.org_id
            and tag_limits.tag_id = tags.tag_id
    group by tags.unit_id

),

equipment_per_unit as (

    select
        unit_id,
        count(*) as equipment_count
    from {{ ref('stg_asset__equipment') }}
    group by unit_id

),

final as (

    select
        units.unit_id,
        units.org_id,
        units.site_id,
        units.plant_id,

        units.unit_code,
        units.unit_name,
        units.unit_description,
        units.process_model,
        units.plant_code,
        units.plant_name,
        units.site_code,
        units.site_name,
        units.city,
        units.country_code,
        units.time_zone,
        units.console_code,
        units.org_code,
        units.org_name,

        coalesce(equipment_per_unit.equipment_count, 0) as equipment_count,
        coalesce(loops_per_unit.loop_count, 0) as loop_count,
        coalesce(tags_per_unit.tag_count, 0) as tag_count,
        coalesce(alarms_per_unit.alarmed_tag_count, 0) as alarmed_tag_count,

        units.commissioned_date
    from units
    left join equipment_per_unit
        on units.unit_id = equipment_per_unit.unit_id
    left join loops_per_unit
        on units.unit_id = loops_per_unit.unit_id
    left join tags_per_unit
        on units.unit_id = tags_per_unit.unit_id
    left join alarms_per_unit
        on units.unit_id = alarms_per_unit.unit_id

)

select * from final
