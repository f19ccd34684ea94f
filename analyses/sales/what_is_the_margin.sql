-- What is the margin by department?
-- Answer: one row per department: net revenue, cost of what was sold at the cost of the day, and
-- the margin.
-- Look for: electronics and food are thin, clothing is fat; discounts take their part.

with

order_lines as (

    select * from {{ ref('fct_order_lines') }}

),

products as (

    select * from {{ ref('dim_products') }}

),

costs as (

    select * from {{ ref('int_product_cost_intervals') }}

)

select
    products.department_name,
    sum(order_lines.net_amount_eur) as net_amount_eur,
    cast(sum(order_lines.quantity * costs.unit_cost) as decimal(18, 2)) as cost_amount_eur,
    cast(
        100 * (1 - sum(order_lines.quantity * costs.unit_cost) / sum(order_lines.net_amount_eur))
        as decimal(5, 1)
    ) as percent_margin
from order_lines
inner join products
    on order_lines.product_id = products.product_id
inner join costs
    on
        order_lines.product_id = costs.product_id
        and order_lines.order_date >= costs.effective_from
        and (costs.effective_to is null or order_lines.order_date < costs.effective_to)
where not order_lines.is_cancelled
group by products.department_name
order by percent_margin desc
