with

promotions as (

    select * from {{ ref('stg_mkt__promotions') }}

),

promotion_products as (

    select * from {{ ref('stg_mkt__promotion_products') }}

),

products_per_promotion as (

    select
        promotion_id,
        cast(count(*) as {{ dbt.type_int() }}) as product_count
    from promotion_products
    group by promotion_id

),

final as (

    select
        promotions.promotion_id,

        promotions.promotion_name,
        promotions.promotion_type,
        promotions.market_code,

        promotions.discount_rate,
        coalesce(products_per_promotion.product_count, 0) as product_count,

        promotions.starts_on,
        promotions.ends_on
    from promotions
    left join products_per_promotion
        on promotions.promotion_id = products_per_promotion.promotion_id

)

select * from final
