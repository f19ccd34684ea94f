with

source as (

    select * from {{ source('crm', 'sales_reps') }}

),

final as (

    select
        rep_id,
        manager_rep_id,
        territory_id,

        full_name,
        email,
        job_title,

        hired_on,

        created_at,
        updated_at
    from source

)

select * from final
