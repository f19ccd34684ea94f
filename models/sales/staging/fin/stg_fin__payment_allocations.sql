with

source as (

    select * from {{ source('fin', 'payment_allocations') }}

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
