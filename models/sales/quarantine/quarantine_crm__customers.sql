{{ rejected_rows(
    source('crm', 'customers'),
    ['customer_id']
) }}
