{{ rejected_rows(
    source('oms', 'order_lines'),
    ['order_id', 'line_no'],
    source('oms', 'orders'),
    'order_id'
) }}
