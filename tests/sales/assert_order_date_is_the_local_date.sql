{#-
    A returned row is an order whose date is not the day that the customer's clock showed when it
    was placed.
-#}
with

orders as (

    select * from {{ ref('stg_oms__orders') }}

),

local_days as (

    select
        order_id,
        order_date,
        utc_offset_minutes,
        cast(
            floor(
                ({{ epoch_seconds('ordered_at') }} + cast(utc_offset_minutes as bigint) * 60)
                / 86400.0
            ) as {{ dbt.type_int() }}
        ) as local_day,
        {{ dbt.datediff("cast('1970-01-01' as date)", 'order_date', 'day') }} as order_day
    from orders

)

select *
from local_days
where
    local_day <> order_day
    or abs(utc_offset_minutes) > 14 * 60
