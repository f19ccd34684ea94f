{#-
    A returned row is a payment or refund whose allocations do not add up to it.
-#}
with

payments as (

    select * from {{ ref('stg_fin__payments') }}

),

payment_allocations as (

    select * from {{ ref('stg_fin__payment_allocations') }}

),

allocations_per_payment as (

    select
        payment_id,
        sum(allocated_amount) as allocated_amount
    from payment_allocations
    group by payment_id

)

select
    payments.payment_id,
    payments.paid_amount,
    allocations_per_payment.allocated_amount
from payments
left join allocations_per_payment
    on payments.payment_id = allocations_per_payment.payment_id
where
    allocations_per_payment.payment_id is null
    or payments.paid_amount <> allocations_per_payment.allocated_amount
