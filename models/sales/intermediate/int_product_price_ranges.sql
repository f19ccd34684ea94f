with

price_intervals as (

    select * from {{ ref('int_product_price_intervals') }}

),

fx_rates as (

    select * from {{ ref('int_fx_rates_by_day') }}

),

horizon as (

    select * from {{ ref('int_reporting_horizon') }}

),

current_prices as (

    select
        price_intervals.product_id,
        {{ in_eur('price_intervals.list_price', 'fx_rates.units_per_eur') }} as list_price_eur
    from price_intervals
    inner join horizon
        on
            price_intervals.effective_from <= horizon.as_of_date
            and (
                price_intervals.effective_to is null
                or price_intervals.effective_to > horizon.as_of_date
            )
    inner join fx_rates
        on
            price_intervals.currency_code = fx_rates.currency_code
            and horizon.as_of_date = fx_rates.date_day

),

final as (

    select
        product_id,

        cast(count(*) as {{ dbt.type_int() }}) as market_count,
        min(list_price_eur) as lowest_list_price_eur,
        max(list_price_eur) as highest_list_price_eur
    from current_prices
    group by product_id

)

select * from final
