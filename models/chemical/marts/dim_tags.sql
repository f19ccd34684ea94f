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

dated_limits as (

    select
        *,
        row_number() over (partition by tag_id, condition order by valid_from desc) as age
    from {{ ref('stg_asset__tag_limits') }}

),

limits as (

    select
        org_id,
        tag_id,
        count(*) as alarm_count,
        max(case when condition = 'PVHH' then limit_value end) as high_high_limit,
        max(case when condition = 'PVHI' then limit_value end) as high_limit,
        max(case when condition = 'PVLO' then limit_value end) as low_limit,
        max(case when condition = 'PVLL' then limit_value end) as low_low_limit
    from dated_limits
    where age = 1
    group by org_id, tag_id

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
        control_loops.control_action,
        equipment.equipment_code,
        equipment.equipment_name,
        equipment.equipment_class,
        units.unit_code,
        units.unit_name,
        units.process_model,
        units.plant_name,
        units.site_name,
        units.time_zone,
        units.console_code,
        units.org_code,
        units.org_name,

        tags.range_low,
        tags.range_high,
        tags.resolution,
        tags.normal_value,
        tags.noise_sd,
        tags.scan_interval_ms,
        tags.max_hold_seconds,
        tags.exception_deviation,
        tags.exception_max_seconds,
        tags.compression_deviation,
        tags.compression_max_seconds,
        control_loops.controller_gain,
        control_loops.integral_time_seconds,
        limits.high_high_limit,
        limits.high_limit,
        limits.low_limit,
        limits.low_low_limit,
        coalesce(limits.alarm_count, 0) as alarm_count,

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
    left join limits
        on
            tags.org_id = limits.org_id
            and tags.tag_id = limits.tag_id
    inner join units
        on
            tags.org_id = units.org_id
            and tags.unit_id = units.unit_id

)

select * from final
