{#-
    A returned row is an order whose currency or market is not that of its country.
-#}
with

orders as (

    select * from {{ ref('stg_oms__orders') }}

),

countries as (

    select * from {{ ref('stg_ref__countries') }}

)

select
    orders.order_id,
    orders.country_code,
    orders.market_code,
    orders.currency_code
from orders
inner join countries
    on orders.country_code = countries.country_code
where
    orders.market_code <> countries.market_code
    or orders.currency_code <> countries.currency_code
