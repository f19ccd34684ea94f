{{ rejected_rows(
    source('fin', 'payment_allocations'),
    ['payment_id', 'invoice_id'],
    source('fin', 'invoices'),
    'invoice_id'
) }}
