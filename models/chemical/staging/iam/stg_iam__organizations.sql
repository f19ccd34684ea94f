with

source as (

    select * from {{ source('iam', 'organizations') }}

),

final as (

    select
        org_id,

        org_code,
        org_name,
        description,

        created_at,
        updated_at
    from source

)

select * from final
