with

source as (

    select * from {{ source('batch', 'phases') }}

),

final as (

    select
        cast(batch_id as bigint) * 10 + phase_no as batch_phase_key,
        batch_id,
        org_id,
        unit_id,

        phase_name,
        operation_name,

        phase_no,

        started_at,
        ended_at,
        created_at,
        updated_at
    from source

)

select * from final
