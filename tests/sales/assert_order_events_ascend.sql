{#-
    A returned row is an event of an order that is not later than the one before it, whose number
    is not the next one, or that follows a cancellation.
-#}
with

order_events as (

    select * from {{ ref('stg_oms__order_events') }}

),

successive_events as (

    select
        order_event_key,
        order_id,
        event_seq,
        event_type,
        occurred_at,
        lag(event_seq) over (partition by order_id order by event_seq) as previous_seq,
        lag(event_type) over (partition by order_id order by event_seq) as previous_type,
        lag(occurred_at) over (partition by order_id order by event_seq) as previous_occurred_at
    from order_events

)

select *
from successive_events
where
    occurred_at < previous_occurred_at
    or event_seq <> coalesce(previous_seq, 0) + 1
    or previous_type = 'cancelled'
    or (previous_seq is null) <> (event_type = 'placed')
