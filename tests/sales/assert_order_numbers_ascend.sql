{#-
    A returned row is an order placed before one with a smaller number on the same local date, or more
    than the 26 hours that time zones span before one on any date: days are numbered in turn where they
    are made apart.
-#}
with

orders as (

    select * from {{ ref('stg_oms__orders') }}

),

successive_orders as (

    select
        order_id,
        order_date,
        ordered_at,
        lag(ordered_at) over (partition by order_date order by order_id) as previous_ordered_at,
        max(ordered_at) over (
            order by order_id rows unbounded preceding
        ) as latest_ordered_at
    from orders

)

select *
from successive_orders
where
    ordered_at < previous_ordered_at
    or ordered_at < latest_ordered_at - interval '26 hours'
