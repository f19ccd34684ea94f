with

price_intervals as (

    select * from {{ ref('int_product_price_intervals') }}

),

order_lines as (

    select * from {{ ref('fct_order_lines') }}

),

dates as (

    select * from {{ ref('dim_dates') }}

),

horizon as (

    select * from {{ ref('int_reporting_horizon') }}

),

prices as (

    select
        price_intervals.currency_code,
        mod(cast(price_intervals.list_price * 100 as bigint), 100) as price_ending,
        mod(cast(price_intervals.list_price * 100 as bigint), 10) as last_digit,
        cast(
            {{ dbt.datediff(
                'price_intervals.effective_from',
                'coalesce(price_intervals.effective_to, horizon.as_of_date)',
                'day'
            ) }} as {{ type_double() }}
        ) as days_in_force,
        case when price_intervals.effective_to is null then 0 else 1 end as change_count
    from price_intervals
    cross join horizon
    where
        price_intervals.currency_code in ('EUR', 'USD', 'GBP')
        and price_intervals.effective_from <= horizon.as_of_date

),

digits as (

    select
        last_digit,
        row_number() over (order by count(*) desc, last_digit asc) as digit_rank
    from prices
    group by last_digit

),

changes_per_day as (

    select
        sum(case when last_digit = 9 then change_count else 0 end)
        / nullif(sum(case when last_digit = 9 then days_in_force else 0 end), 0) as of_nines,
        sum(case when last_digit = 9 then 0 else change_count end)
        / nullif(sum(case when last_digit = 9 then 0 else days_in_force end), 0) as of_others
    from prices

),

prices_per_product_year as (

    select cast(count(distinct order_lines.list_price) as {{ type_double() }}) as price_count
    from order_lines
    inner join dates
        on order_lines.order_date = dates.date_day
    where order_lines.country_code = 'DE'
    group by order_lines.product_id, dates.year_number

),

measures as (

    select
        'rank_of_9_among_last_digits_of_prices' as statistic,
        'all' as subject,
        cast(digit_rank as {{ type_double() }}) as statistic_value,
        cast(null as {{ dbt.type_bigint() }}) as sample_size
    from digits
    where last_digit = 9
    union all
    select
        'price_changes_of_nines_to_others' as statistic,
        'all' as subject,
        of_nines / nullif(of_others, 0) as statistic_value,
        cast(null as {{ dbt.type_bigint() }}) as sample_size
    from changes_per_day
    union all
    select
        'share_of_list_prices_ending_in_95' as statistic,
        'GBP' as subject,
        avg(cast(case when price_ending = 95 then 1 else 0 end as {{ type_double() }}))
            as statistic_value,
        count(*) as sample_size
    from prices
    where currency_code = 'GBP'
    union all
    select
        'mean_prices_of_a_product_in_a_year' as statistic,
        'all' as subject,
        avg(price_count) as statistic_value,
        cast(null as {{ dbt.type_bigint() }}) as sample_size
    from prices_per_product_year
    union all
    select
        'median_prices_of_a_product_in_a_year' as statistic,
        'all' as subject,
        percentile_cont(0.5) within group (order by price_count) as statistic_value,
        cast(null as {{ dbt.type_bigint() }}) as sample_size
    from prices_per_product_year

),

final as (

    select
        statistic,
        subject,
        cast(statistic_value as {{ type_double() }}) as statistic_value,
        sample_size
    from measures
    where statistic_value is not null

)

select * from final
