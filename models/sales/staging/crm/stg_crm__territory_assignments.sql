with

source as (

    select * from {{ source('crm', 'territory_assignments') }}

),

final as (

    select
        {{ surrogate_key(['rep_id', 'territory_id', 'effective_from']) }}
            as territory_assignment_key,
        rep_id,
        territory_id,

        assignment_status,

        effective_from,

        created_at,
        updated_at
    from source

)

select * from final
