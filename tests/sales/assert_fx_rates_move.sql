{#-
    A returned row is a currency that stands still on more than one business day in twenty, moves
    by more than a fifth within one, or is not positive; or the euro away from 1.
-#}
with

fx_rates as (

    select * from {{ ref('stg_ref__fx_rates') }}

),

successive_rates as (

    select
        currency_code,
        units_per_eur,
        lag(units_per_eur) over (
            partition by currency_code
            order by rate_date
        ) as previous_units_per_eur
    from fx_rates

),

moves_per_currency as (

    select
        currency_code,
        min(units_per_eur) as lowest,
        max(units_per_eur) as highest,
        count(*) as rate_count,
        sum(case when units_per_eur = previous_units_per_eur then 1 else 0 end) as still_count,
        sum(
            case
                when abs(units_per_eur - previous_units_per_eur) > 0.2 * previous_units_per_eur
                    then 1
                else 0
            end
        ) as jump_count
    from successive_rates
    group by currency_code

)

select *
from moves_per_currency
where
    lowest <= 0
    or jump_count > 0
    or (currency_code <> 'EUR' and 20 * still_count > rate_count)
    or (currency_code = 'EUR' and (lowest <> 1 or highest <> 1))
