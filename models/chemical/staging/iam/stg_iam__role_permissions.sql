with

source as (

    select * from {{ source('iam', 'role_permissions') }}

),

final as (

    select
        {{ surrogate_key(['role_id', 'permission']) }} as role_permission_key,
        org_id,
        role_id,

        permission,

        created_at,
        updated_at
    from source

)

select * from final
