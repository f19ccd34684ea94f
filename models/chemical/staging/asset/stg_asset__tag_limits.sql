with

source as (

    select * from {{ source('asset', 'tag_limits') }}

),

final as (

    select
        {{ surrogate_key(['tag_id', 'condition', 'valid_from']) }} as tag_limit_key,
        org_id,
        tag_id,

        condition,
        priority,

        limit_value,
        deadband,
        on_delay_seconds,
        off_delay_seconds,

        valid_from,

        created_at,
        updated_at
    from source

)

select * from final
