-- How do customers pay?
-- Answer: one row per type of customer and method: payments, their value in euros, and the share
-- that came late.
-- Look for: direct debit is never late, transfers are.

with

payments as (

    select * from {{ ref('fct_payments') }}

),

customers as (

    select * from {{ ref('dim_customers') }}

)

select
    customers.customer_type,
    payments.payment_method,
    count(*) as payment_count,
    sum(payments.paid_amount_eur) as paid_amount_eur,
    cast(
        100 * avg(case when payments.is_late then 1.0 else 0.0 end) as decimal(5, 1)
    ) as percent_late
from payments
inner join customers
    on payments.customer_id = customers.customer_id
where payments.payment_type = 'payment'
group by customers.customer_type, payments.payment_method
order by
    customers.customer_type asc,
    payments.payment_method asc
