with

source as (

    select * from {{ source('iam', 'api_keys') }}

),

final as (

    select
        api_key_id,
        org_id,
        user_id,

        key_name,
        key_prefix,
        key_sha256,
        scopes,

        expires_at,
        last_used_at,
        revoked_at,
        created_at,
        updated_at
    from source

)

select * from final
