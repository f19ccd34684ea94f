with

fx_rates as (

    select * from {{ ref('stg_ref__fx_rates') }}

),

dates as (

    select * from {{ ref('dim_dates') }}

),

currencies as (

    select distinct currency_code from fx_rates

),

-- The first fixing may be older than the calendar.
days_and_fixings as (

    select
        currencies.currency_code,
        dates.date_day,
        cast(null as date) as fixed_on
    from currencies
    cross join dates
    union all
    select
        currency_code,
        rate_date as date_day,
        rate_date as fixed_on
    from fx_rates

),

last_fixings as (

    select
        currency_code,
        date_day,
        fixed_on,
        max(fixed_on) over (partition by currency_code order by date_day) as rate_date
    from days_and_fixings

),

final as (

    select
        {{ surrogate_key(['last_fixings.currency_code', 'last_fixings.date_day']) }}
            as fx_rate_by_day_key,

        last_fixings.currency_code,

        fx_rates.units_per_eur,

        last_fixings.date_day,
        last_fixings.rate_date
    from last_fixings
    inner join fx_rates
        on
            last_fixings.currency_code = fx_rates.currency_code
            and last_fixings.rate_date = fx_rates.rate_date
    where last_fixings.fixed_on is null

)

select * from final
