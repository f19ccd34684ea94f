with

source as (

    select * from {{ source('truth', 'trips') }}

),

final as (

    select
        trip_id,
        org_id,
        unit_id,

        tripped_at,
        restarted_at,
        created_at,
        updated_at
    from source

)

select * from final
