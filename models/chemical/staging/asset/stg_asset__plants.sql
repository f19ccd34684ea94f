{#- Ephemeral, as stg_historian__readings is. -#}
{{ config(materialized='ephemeral') }}

with

source as (

    select * from {{ source('asset', 'plants') }}

),

final as (

    select
        plant_id,
        org_id,
        site_id,

        plant_code,
        plant_name,
        description,

        created_at,
        updated_at
    from source

)

select * from final
