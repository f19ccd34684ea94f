with

source as (

    select * from {{ source('truth', 'faults') }}

),

final as (

    select
        fault_id,
        org_id,
        unit_id,

        fault_kind,
        description,

        magnitude,

        started_at,
        ended_at,
        created_at,
        updated_at
    from source

)

select * from final
