-- How concentrated is revenue on products, and what do the leaders of each department look like?
-- Answer: the three products with most revenue of every department, their share of the department
-- and the discount that was given on them.
-- Look for: a few products carry a department, without a higher discount than others.

with

order_lines as (

    select * from {{ ref('fct_order_lines') }}

),

products as (

    select * from {{ ref('dim_products') }}

),

product_revenue as (

    select
        products.department_name,
        products.product_id,
        products.product_name,
        cast(sum(order_lines.quantity) as bigint) as unit_count,
        sum(order_lines.net_amount_eur) as net_amount_eur,
        sum(order_lines.discount_amount_eur) as discount_amount_eur
    from order_lines
    inner join products
        on order_lines.product_id = products.product_id
    where not order_lines.is_cancelled
    group by
        products.department_name,
        products.product_id,
        products.product_name

),

ranked as (

    select
        product_revenue.*,
        sum(product_revenue.net_amount_eur) over (
            partition by product_revenue.department_name
        ) as department_amount_eur,
        row_number() over (
            partition by product_revenue.department_name
            order by product_revenue.net_amount_eur desc, product_revenue.product_id asc
        ) as place
    from product_revenue

)

select
    department_name,
    place,
    product_id,
    product_name,
    unit_count,
    cast(net_amount_eur as {{ type_money() }}) as net_amount_eur,
    cast(
        100 * cast(net_amount_eur as {{ type_double() }}) / department_amount_eur as decimal(5, 1)
    ) as percent_of_department,
    cast(
        100 * cast(discount_amount_eur as {{ type_double() }})
        / (net_amount_eur + discount_amount_eur) as decimal(5, 1)
    ) as discount_percent
from ranked
where place <= 3
order by
    department_name,
    place
