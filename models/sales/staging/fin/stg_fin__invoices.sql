with

source as (

    select * from {{ source('fin', 'invoices') }}

),

final as (

    select
        invoice_id,
        order_id,
        shipment_id,
        return_id,
        customer_id,

        invoice_type,
        currency_code,

        net_amount,
        tax_amount,
        gross_amount,

        invoice_date,
        due_date,

        invoiced_at,
        created_at,
        updated_at
    from source

)

select * from final
