with

source as (

    select * from {{ source('cmms', 'work_order_events') }}

),

final as (

    select
        work_order_id * 100 + event_number as work_order_event_key,
        org_id,
        work_order_id,
        technician_user_id,

        event_kind,
        remark,

        event_number,

        occurred_at,
        created_at,
        updated_at
    from source

)

select * from final
