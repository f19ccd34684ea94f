-- How much goes missing in the warehouses?
-- Answer: one row per warehouse: units received and units found missing, as a share.
-- Look for: about one and a half per cent, as retailers report.

with

stock as (

    select * from {{ ref('fct_stock_by_day') }}

),

warehouses as (

    select * from {{ ref('dim_warehouses') }}

)

select
    warehouses.warehouse_name,
    sum(stock.received_quantity) as received_quantity,
    -sum(stock.adjusted_quantity) as missing_quantity,
    cast(-100.0 * sum(stock.adjusted_quantity) / sum(stock.received_quantity) as decimal(5, 2))
        as percent_missing
from stock
inner join warehouses
    on stock.warehouse_id = warehouses.warehouse_id
group by warehouses.warehouse_name
order by warehouses.warehouse_name asc
