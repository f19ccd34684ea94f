with

source as (

    select * from {{ source('truth', 'defects') }}

),

final as (

    select
        defect_id,
        org_id,
        tag_id,

        defect_kind,

        magnitude,
        affected_reading_count,
        lost_scan_count,

        started_at,
        ended_at,
        created_at,
        updated_at
    from source

)

select * from final
