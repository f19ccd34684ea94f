with

source as (

    select * from {{ source('logbook', 'entries') }}

),

final as (

    select
        entry_id,
        org_id,
        unit_id,
        equipment_id,
        tag_id,
        author_user_id,

        shift,
        team,
        category,
        entry_text,

        written_at,
        created_at,
        updated_at
    from source

)

select * from final
