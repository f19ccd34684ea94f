{{ rejected_rows(
    source('oms', 'order_events'),
    ['order_id', 'event_seq']
) }}
