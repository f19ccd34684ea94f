with

payments as (

    select * from {{ ref('stg_fin__payments') }}

),

payment_allocations as (

    select * from {{ ref('stg_fin__payment_allocations') }}

),

final as (

    select
        payment_allocations.invoice_id,

        cast(count(*) as {{ dbt.type_int() }}) as payment_count,
        cast(sum(payment_allocations.allocated_amount) as {{ type_money() }}) as paid_amount,

        max(payments.received_date) as last_received_date
    from payment_allocations
    inner join payments
        on payment_allocations.payment_id = payments.payment_id
    group by payment_allocations.invoice_id

)

select * from final
