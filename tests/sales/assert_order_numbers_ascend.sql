{#-
    A returned row is an order placed before one with a smaller number in the same month of its
    local date.
-#}
with

orders as (

    select * from {{ ref('stg_oms__orders') }}

),

successive_orders as (

    select
        order_id,
        ordered_at,
        lag(ordered_at) over (
            partition by date_trunc('month', order_date)
            order by order_id
        ) as previous_ordered_at
    from orders

)

select *
from successive_orders
where ordered_at < previous_ordered_at
