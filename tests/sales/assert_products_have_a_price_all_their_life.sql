{#-
    A returned row is a price that is not positive, begins after it ends, repeats the one before
    it or is in another currency than its market's; or a product that is launched or sold in a
    market without a price.
-#}
with

price_intervals as (

    select * from {{ ref('int_product_price_intervals') }}

),

products as (

    select * from {{ ref('stg_pim__products') }}

),

markets as (

    select * from {{ ref('stg_ref__markets') }}

),

successive_prices as (

    select
        product_id,
        market_code,
        currency_code,
        list_price,
        effective_from,
        effective_to,
        lag(list_price) over (
            partition by product_id, market_code
            order by effective_from
        ) as previous_list_price,
        min(effective_from) over (partition by product_id, market_code) as first_effective_from
    from price_intervals

)

select
    products.product_id,
    markets.market_code,
    successive_prices.list_price,
    successive_prices.effective_from,
    successive_prices.effective_to
from products
cross join markets
left join successive_prices
    on
        products.product_id = successive_prices.product_id
        and markets.market_code = successive_prices.market_code
where
    successive_prices.product_id is null
    or successive_prices.first_effective_from <> products.launched_on
    or successive_prices.list_price <= 0
    or successive_prices.list_price = successive_prices.previous_list_price
    or successive_prices.effective_from >= successive_prices.effective_to
    or successive_prices.currency_code <> markets.currency_code
