with

source as (

    select * from {{ source('alarm', 'events') }}

),

final as (

    select
        event_id,
        org_id,
        alarm_id,
        tag_id,
        unit_id,
        user_id,

        console_code,
        condition,
        transition,
        state_after,
        priority,

        value,
        limit_value,

        is_annunciated,

        occurred_at,
        created_at,
        updated_at
    from source

)

select * from final
