with

source as (

    select * from {{ source('iam', 'users') }}

),

final as (

    select
        user_id,
        org_id,

        user_kind,
        email,
        full_name,
        user_status,

        is_external,
        has_second_factor,

        deactivated_at,
        last_login_at,
        created_at,
        updated_at
    from source

)

select * from final
