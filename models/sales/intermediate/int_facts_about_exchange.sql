with

fx_rates as (

    select * from {{ ref('stg_ref__fx_rates') }}

),

dollars as (

    select
        rate_date,
        units_per_eur
    from fx_rates
    where currency_code = 'USD'

),

cross_rates as (

    select
        fx_rates.currency_code,
        fx_rates.rate_date,
        ln(
            cast(fx_rates.units_per_eur as {{ type_double() }})
            / cast(dollars.units_per_eur as {{ type_double() }})
        )
            as log_rate
    from fx_rates
    inner join dollars
        on fx_rates.rate_date = dollars.rate_date
    where fx_rates.currency_code <> 'USD'

),

moves as (

    select
        currency_code,
        log_rate - lag(log_rate) over (
            partition by currency_code
            order by rate_date
        ) as log_return
    from cross_rates

),

final as (

    select
        'annual_volatility_against_the_dollar' as statistic,
        currency_code as subject,
        cast(stddev_samp(log_return) * sqrt(252) as {{ type_double() }}) as statistic_value,
        cast(null as {{ dbt.type_bigint() }}) as sample_size
    from moves
    group by currency_code

)

select * from final
