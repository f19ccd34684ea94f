-- Which departments are returned most?
-- Answer: one row per department: units shipped to persons, units returned, and the rate.
-- Look for: clothing leads, food and books hardly come back.

with

shipment_lines as (

    select * from {{ ref('stg_wms__shipment_lines') }}

),

return_lines as (

    select * from {{ ref('stg_rma__return_lines') }}

),

products as (

    select * from {{ ref('dim_products') }}

),

orders as (

    select * from {{ ref('fct_orders') }}

)

select
    products.department_name,
    count(*) as shipped_line_count,
    count(return_lines.return_id) as returned_line_count,
    cast(100.0 * count(return_lines.return_id) / count(*) as decimal(5, 1)) as percent_returned
from shipment_lines
inner join orders
    on shipment_lines.order_id = orders.order_id
inner join products
    on shipment_lines.product_id = products.product_id
left join return_lines
    on
        shipment_lines.order_id = return_lines.order_id
        and shipment_lines.line_no = return_lines.line_no
where orders.customer_type = 'person'
group by products.department_name
order by percent_returned desc
