with

source as (

    select * from {{ source('asset', 'control_loops') }}

),

final as (

    select
        loop_id,
        org_id,
        unit_id,

        loop_name,
        description,
        control_action,

        controller_gain,
        integral_time_seconds,

        created_at,
        updated_at
    from source

)

select * from final
