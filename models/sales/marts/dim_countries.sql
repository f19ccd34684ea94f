with

countries as (

    select * from {{ ref('stg_ref__countries') }}

),

markets as (

    select * from {{ ref('stg_ref__markets') }}

),

currencies as (

    select * from {{ ref('stg_ref__currencies') }}

),

final as (

    select
        countries.country_code,

        countries.country_name,
        countries.region_name,
        countries.market_code,
        markets.market_name,
        countries.currency_code,
        currencies.currency_name,
        countries.locale_code,
        countries.time_zone,
        countries.hemisphere,
        countries.weekend_days,

        currencies.minor_unit_digits
    from countries
    inner join markets
        on countries.market_code = markets.market_code
    inner join currencies
        on countries.currency_code = currencies.currency_code

)

select * from final
