{{ rejected_rows(
    source('fin', 'payments'),
    ['payment_id']
) }}
