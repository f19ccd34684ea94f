{#-
    A returned row is a movement after which a product's stock in a warehouse is below zero.
    Movements of the same instant count together: they are in the frame of each other.
-#}
with

stock_movements as (

    select * from {{ ref('stg_wms__stock_movements') }}

),

balances as (

    select
        product_id,
        warehouse_id,
        moved_at,
        sum(quantity) over (
            partition by product_id, warehouse_id
            order by moved_at
            range between unbounded preceding and current row
        ) as balance
    from stock_movements

)

select *
from balances
where balance < 0
