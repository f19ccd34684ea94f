with

source as (

    select * from {{ source('lims', 'samples') }}

),

final as (

    select
        sample_id,
        org_id,
        tag_id,
        unit_id,
        analyst_user_id,

        sample_kind,
        unit_of_measure,
        method,
        sample_status,

        value,

        collecting_began_at,
        sampled_at,
        reported_at,
        created_at,
        updated_at
    from source

)

select * from final
