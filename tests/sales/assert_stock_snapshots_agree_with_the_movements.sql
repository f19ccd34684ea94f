{#-
    A returned row is a product, warehouse and month end whose count is not the sum of all
    movements until then.
-#}
with

stock_snapshots as (

    select * from {{ ref('stg_wms__stock_snapshots') }}

),

stock_by_day as (

    select * from {{ ref('fct_stock_by_day') }}

)

select
    stock_snapshots.stock_snapshot_key,
    stock_snapshots.quantity,
    stock_by_day.closing_quantity
from stock_snapshots
left join stock_by_day
    on
        stock_snapshots.product_id = stock_by_day.product_id
        and stock_snapshots.warehouse_id = stock_by_day.warehouse_id
        and stock_snapshots.snapshot_date >= stock_by_day.stock_date
        and (
            stock_by_day.valid_to is null
            or stock_snapshots.snapshot_date < stock_by_day.valid_to
        )
where
    stock_by_day.closing_quantity is null
    or stock_snapshots.quantity <> stock_by_day.closing_quantity
