{#-
    A returned row is a fixing at a week-end, or one whose currency has none on the next business
    day although others have.
-#}
with

fx_rates as (

    select * from {{ ref('stg_ref__fx_rates') }}

),

horizon as (

    select
        min(rate_date) as first_rate_date,
        max(rate_date) as last_rate_date
    from fx_rates

),

successive_rates as (

    select
        currency_code,
        rate_date,
        {{ iso_day_of_week('rate_date') }} as iso_weekday,
        lag(rate_date) over (
            partition by currency_code
            order by rate_date
        ) as previous_rate_date,
        lead(rate_date) over (
            partition by currency_code
            order by rate_date
        ) as next_rate_date
    from fx_rates

)

select
    successive_rates.currency_code,
    successive_rates.rate_date,
    successive_rates.next_rate_date
from successive_rates
cross join horizon
where
    successive_rates.iso_weekday >= 6
    or (
        successive_rates.previous_rate_date is null
        and successive_rates.rate_date <> horizon.first_rate_date
    )
    or (
        successive_rates.next_rate_date is null
        and successive_rates.rate_date <> horizon.last_rate_date
    )
    or {{ dbt.datediff('successive_rates.rate_date', 'successive_rates.next_rate_date', 'day') }}
    <> case when successive_rates.iso_weekday = 5 then 3 else 1 end
