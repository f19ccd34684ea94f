with

products as (

    select * from {{ ref('stg_pim__products') }}

),

product_withdrawals as (

    select * from {{ ref('stg_pim__product_withdrawals') }}

),

categories as (

    select * from {{ ref('stg_pim__product_categories') }}

),

price_ranges as (

    select * from {{ ref('int_product_price_ranges') }}

),

final as (

    select
        products.product_id,
        products.category_id,

        products.product_name,
        products.brand_name,
        categories.category_name,
        departments.category_name as department_name,
        categories.tax_class,

        products.pack_size,
        products.weight_kg,
        coalesce(price_ranges.market_count, 0) as market_count,
        price_ranges.lowest_list_price_eur,
        price_ranges.highest_list_price_eur,

        price_ranges.product_id is not null as is_on_sale,

        products.launched_on,
        product_withdrawals.withdrawn_on
    from products
    inner join categories
        on products.category_id = categories.category_id
    left join categories as departments
        on categories.parent_category_id = departments.category_id
    left join product_withdrawals
        on products.product_id = product_withdrawals.product_id
    left join price_ranges
        on products.product_id = price_ranges.product_id

)

select * from final
