with

source as (

    select * from {{ source('cmms', 'work_orders') }}

),

final as (

    select
        work_order_id,
        org_id,
        unit_id,
        equipment_id,
        tag_id,
        opened_by_user_id,

        work_order_number,
        order_kind,
        priority,
        title,
        description,

        opened_at,
        created_at,
        updated_at
    from source

)

select * from final
