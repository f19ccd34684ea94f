{#-
    A returned row is an order that a sales representative took before being hired, after leaving,
    or outside of the country of the own territory.
-#}
with

orders as (

    select * from {{ ref('stg_oms__orders') }}

),

sales_reps as (

    select * from {{ ref('dim_sales_reps') }}

),

territories as (

    select * from {{ ref('stg_crm__territories') }}

)

select
    orders.order_id,
    orders.order_date,
    sales_reps.hired_on,
    sales_reps.left_on
from orders
inner join sales_reps
    on orders.rep_id = sales_reps.rep_id
inner join territories
    on sales_reps.territory_id = territories.territory_id
where
    orders.order_date < sales_reps.hired_on
    or orders.order_date >= sales_reps.left_on
    or territories.country_code is null
    or orders.country_code <> territories.country_code
