with

source as (

    select * from {{ source('iam', 'memberships') }}

),

final as (

    select
        {{ surrogate_key(['org_id', 'user_id']) }} as membership_key,
        org_id,
        user_id,
        home_org_id,
        role_id,
        site_id,

        job_title,
        shift_team,

        joined_at,
        ended_at,
        created_at,
        updated_at
    from source

)

select * from final
