with

source as (

    select * from {{ source('fin', 'invoice_lines') }}

),

final as (

    select
        {{ surrogate_key(['invoice_id', 'line_no']) }} as invoice_line_key,
        invoice_id,
        line_no,
        order_id,
        product_id,

        quantity,
        net_amount,
        tax_rate,
        tax_amount,
        gross_amount,

        created_at,
        updated_at
    from source

)

select * from final
