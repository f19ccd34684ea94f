{#- Ephemeral, as stg_historian__readings is. -#}
{{ config(materialized='ephemeral') }}

with

source as (

    select * from {{ source('asset', 'sites') }}

),

final as (

    select
        site_id,
        org_id,

        site_code,
        site_name,
        description,
        city,
        country_code,
        time_zone,

        created_at,
        updated_at
    from source

)

select * from final
