with

source as (

    select * from {{ source('oms', 'order_events') }}

),

final as (

    select
        {{ surrogate_key(['order_id', 'event_seq']) }} as order_event_key,
        order_id,
        event_seq,
        shipment_id,

        event_type,

        event_date,

        occurred_at,
        created_at,
        updated_at
    from source

)

select * from final
