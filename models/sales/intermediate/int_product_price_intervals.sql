with

product_prices as (

    select * from {{ ref('stg_pim__product_prices') }}

),

product_withdrawals as (

    select * from {{ ref('stg_pim__product_withdrawals') }}

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
            product_withdrawals.withdrawn_on
        ) as effective_to
    from product_prices
    left join product_withdrawals
        on product_prices.product_id = product_withdrawals.product_id

)

select * from final
