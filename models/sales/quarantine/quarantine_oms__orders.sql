{{ rejected_rows(
    source('oms', 'orders'),
    ['order_id']
) }}
