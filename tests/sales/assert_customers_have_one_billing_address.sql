{#-
    A returned row is a customer with no billing address, or several.
-#}
with

customers as (

    select * from {{ ref('stg_crm__customers') }}

),

customer_addresses as (

    select * from {{ ref('stg_crm__customer_addresses') }}

),

billing_addresses as (

    select * from customer_addresses
    where address_type = 'billing'

)

select
    customers.customer_id,
    count(billing_addresses.address_id) as address_count
from customers
left join billing_addresses
    on customers.customer_id = billing_addresses.customer_id
group by customers.customer_id
having count(billing_addresses.address_id) <> 1
