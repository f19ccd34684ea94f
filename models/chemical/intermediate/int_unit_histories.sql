with

ingest_files as (

    select * from {{ ref('stg_historian__ingest_files') }}

),

final as (

    select
        unit_id,
        org_id,

        cast(min(event_date) as timestamp) as history_began_at,
        cast(max(event_date) as timestamp) + interval '1 day' as history_ends_at
    from ingest_files
    group by unit_id, org_id

)

select * from final
