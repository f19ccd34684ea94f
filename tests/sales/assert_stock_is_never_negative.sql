{#-
    A returned row is a movement after which a product's stock in a warehouse is below zero.
    Movements of the same instant count together.
-#}
with

stock_movements as (

    select * from {{ ref('stg_wms__stock_movements') }}

),

moments as (

    select
        product_id,
        warehouse_id,
        moved_at,
        sum(quantity) as quantity
    from stock_movements
    group by product_id, warehouse_id, moved_at

),

balances as (

    select
        product_id,
        warehouse_id,
        moved_at,
        sum(quantity) over (
            partition by product_id, warehouse_id
            order by moved_at
            rows between unbounded preceding and current row
        ) as balance
    from moments

)

select *
from balances
where balance < 0
