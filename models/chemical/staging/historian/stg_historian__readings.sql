{#-
    Ephemeral: the roll-ups must build from an empty warehouse by `--select chemical.rollups` alone.
-#}
{{ config(materialized='ephemeral') }}

with

source as (

    select * from {{ source('historian', 'readings') }}

),

final as (

    select
        org_id,
        tag_id,
        file_id,

        seq,
        value,
        quality,

        event_date,

        measured_at,
        ingested_at
    from source

)

select * from final
