{#- Ephemeral, as stg_historian__readings is. -#}
{{ config(materialized='ephemeral') }}

with

source as (

    select * from {{ source('asset', 'tags') }}

),

final as (

    select
        tag_id,
        org_id,
        unit_id,
        equipment_id,
        loop_id,

        tag_name,
        isa_function,
        tag_role,
        description,
        unit_of_measure,
        unece_code,

        range_low,
        range_high,
        resolution,
        scan_interval_ms,
        exception_deviation,
        exception_max_seconds,
        compression_deviation,
        compression_max_seconds,
        max_hold_seconds,
        normal_value,
        noise_sd,

        is_stepped,

        created_at,
        updated_at
    from source

)

select * from final
