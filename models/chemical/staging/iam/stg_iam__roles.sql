with

source as (

    select * from {{ source('iam', 'roles') }}

),

final as (

    select
        role_id,
        org_id,

        role_code,
        role_name,
        description,

        role_level,

        created_at,
        updated_at
    from source

)

select * from final
