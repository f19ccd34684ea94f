-- Which departments run out of stock most?
-- Answer: one row per department and warehouse: days with a movement, and the share of them that
-- ended with an empty shelf.
-- Look for: small ranges empty more often, because a delivery covers little.

with

stock as (

    select * from {{ ref('fct_stock_by_day') }}

),

products as (

    select * from {{ ref('dim_products') }}

),

warehouses as (

    select * from {{ ref('dim_warehouses') }}

)

select
    products.department_name,
    warehouses.warehouse_name,
    count(*) as stock_day_count,
    cast(
        100 * avg(case when stock.is_out_of_stock then 1.0 else 0.0 end) as decimal(5, 1)
    ) as percent_empty
from stock
inner join products
    on stock.product_id = products.product_id
inner join warehouses
    on stock.warehouse_id = warehouses.warehouse_id
group by products.department_name, warehouses.warehouse_name
order by
    percent_empty desc,
    products.department_name asc,
    warehouses.warehouse_name asc
