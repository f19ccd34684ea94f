{#-
    A returned row is a product and tax class of order lines other than the class of the product's
    category.
-#}
with

order_lines as (

    select * from {{ ref('stg_oms__order_lines') }}

),

products as (

    select * from {{ ref('stg_pim__products') }}

),

categories as (

    select * from {{ ref('stg_pim__product_categories') }}

)

select distinct
    order_lines.product_id,
    order_lines.tax_class,
    categories.tax_class as tax_class_of_category
from order_lines
inner join products
    on order_lines.product_id = products.product_id
inner join categories
    on products.category_id = categories.category_id
where order_lines.tax_class <> categories.tax_class
