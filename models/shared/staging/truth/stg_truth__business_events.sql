with

source as (

    select * from {{ source('truth', 'business_events') }}

),

final as (

    select
        event_id,

        event_type,
        scope_kind,
        scope_value,

        true_effect,

        starts_on,
        ends_on,

        created_at,
        updated_at
    from source

)

select * from final
