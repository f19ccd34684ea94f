with

product_prices as (

    select * from {{ ref('stg_pim__product_prices') }}

),

products as (

    select * from {{ ref('stg_pim__products') }}

),

final as (

    select
        product_prices.product_price_key,
        product_prices.product_id,

        product_prices.market_code,
        product_prices.currency_code,

        product_prices.list_price,

        product_prices.effective_from,
        coalesce(
            lead(product_prices.effective_from) over (
                partition by product_prices.product_id, product_prices.market_code
                order by product_prices.effective_from
            ),
            products.withdrawn_on
        ) as effective_to
    from product_prices
    inner join products
        on product_prices.product_id = products.product_id

)

select * from final
