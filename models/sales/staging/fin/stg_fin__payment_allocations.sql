with

source as (

    {{ accepted_rows(
        source('fin', 'payment_allocations'),
        ref('quarantine_fin__payment_allocations'),
        ['payment_id', 'invoice_id']
    ) }}

),

final as (

    select
        {{ surrogate_key(['payment_id', 'invoice_id']) }} as payment_allocation_key,
        payment_id,
        invoice_id,

        allocated_amount,

        created_at,
        updated_at
    from source

)

select * from final
