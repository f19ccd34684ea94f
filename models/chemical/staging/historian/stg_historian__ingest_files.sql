{#- Ephemeral, as stg_historian__readings is. -#}
{{ config(materialized='ephemeral') }}

with

source as (

    select * from {{ source('historian', 'ingest_files') }}

),

final as (

    select
        file_id,
        org_id,
        unit_id,

        path,

        reading_count,

        is_late,

        event_date,

        first_measured_at,
        last_measured_at,
        arrived_at,
        created_at,
        updated_at
    from source

)

select * from final
