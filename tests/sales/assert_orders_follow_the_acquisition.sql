{#-
    A returned row is an order older than the day on which its customer was won.
-#}
with

orders as (

    select * from {{ ref('stg_oms__orders') }}

),

customers as (

    select * from {{ ref('stg_crm__customers') }}

)

select
    orders.order_id,
    orders.order_date,
    customers.acquired_on
from orders
inner join customers
    on orders.customer_id = customers.customer_id
where orders.order_date < customers.acquired_on
