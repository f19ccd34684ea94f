with

source as (

    {{ accepted_rows(
        source('oms', 'order_events'),
        ref('quarantine_oms__order_events'),
        ['order_id', 'event_seq']
    ) }}

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
