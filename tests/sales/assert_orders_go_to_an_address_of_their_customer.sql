{#-
    A returned row is an order that goes to somebody else's address, or to another country than it
    says.
-#}
with

orders as (

    select * from {{ ref('stg_oms__orders') }}

),

customer_addresses as (

    select * from {{ ref('stg_crm__customer_addresses') }}

)

select
    orders.order_id,
    orders.customer_id,
    customer_addresses.customer_id as customer_id_of_address
from orders
inner join customer_addresses
    on orders.shipping_address_id = customer_addresses.address_id
where
    orders.customer_id <> customer_addresses.customer_id
    or orders.country_code <> customer_addresses.country_code
