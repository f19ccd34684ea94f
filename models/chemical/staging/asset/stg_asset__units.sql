{#- Ephemeral, as stg_historian__readings is. -#}
{{ config(materialized='ephemeral') }}

with

source as (

    select * from {{ source('asset', 'units') }}

),

final as (

    select
        unit_id,
        org_id,
        plant_id,

        unit_code,
        unit_name,
        description,
        process_model,

        commissioned_on,

        created_at,
        updated_at
    from source

)

select * from final
