with

revenue as (

    select * from {{ ref('fct_revenue_by_day') }}

),

dates as (

    select * from {{ ref('dim_dates') }}

),

published_facts as (

    select * from {{ ref('published_facts') }}

),

orders_by_day as (

    select
        revenue.customer_type,
        revenue.country_code,
        dates.date_day,
        dates.month_number,
        dates.quarter_number,
        dates.iso_weekday,
        {{ dbt.datediff(
            'dates.date_day', dbt.dateadd('month', 3, 'dates.quarter_start_date'), 'day'
        ) }} as days_to_quarter_end,
        -- Cyber Week is Thanksgiving, the fourth Thursday of November, to Cyber Monday.
        dates.iso_weekday in (1, 4, 5, 6, 7)
        and dates.day_of_month + case when dates.month_number = 12 then 30 else 0 end
        - mod(dates.iso_weekday + 3, 7) between 22 and 28
        and dates.month_number >= 11 as is_in_cyber_week,
        revenue.order_count,
        revenue.net_amount_eur
    from revenue
    inner join dates
        on revenue.order_date = dates.date_day

),

months as (

    select
        customer_type,
        month_number,
        cast(sum(order_count) as {{ type_double() }}) as order_count
    from orders_by_day
    group by customer_type, month_number

),

month_factors as (

    select
        'month_factor_of_' || customer_type || 's' as statistic,
        cast(month_number as {{ dbt.type_string() }}) as subject,
        order_count / avg(order_count) over (partition by customer_type) as month_factor
    from months

),

working_days as (

    select
        date_day,
        days_to_quarter_end <= 7 as is_last_week,
        sum(order_count) as order_count
    from orders_by_day
    where
        customer_type = 'account'
        and iso_weekday <= 5
        -- The last week of December is one of holidays.
        and month_number in (3, 6, 9)
    group by date_day, days_to_quarter_end

),

american_season as (

    select
        date_day,
        iso_weekday = 1 and is_in_cyber_week as is_cyber_monday,
        is_in_cyber_week,
        cast(sum(net_amount_eur) as {{ type_double() }}) as net_amount_eur
    from orders_by_day
    where
        customer_type = 'person'
        and country_code = 'US'
        and month_number >= 11
    group by date_day, iso_weekday, is_in_cyber_week

),

measures as (

    select
        statistic,
        subject,
        month_factor as statistic_value
    from month_factors
    union all
    select
        'correlation_of_month_factors_of_persons' as statistic,
        'all' as subject,
        corr(
            month_factors.month_factor,
            cast(published_facts.published_value as {{ type_double() }})
        ) as statistic_value
    from month_factors
    inner join published_facts
        on
            month_factors.statistic = published_facts.statistic
            and month_factors.subject = published_facts.subject
    where month_factors.statistic = 'month_factor_of_persons'
    union all
    select
        'orders_of_persons_fourth_to_third_quarter' as statistic,
        'all' as subject,
        cast(
            sum(case when quarter_number = 4 then order_count else 0 end) as {{ type_double() }}
        ) / nullif(sum(case when quarter_number = 3 then order_count else 0 end), 0)
            as statistic_value
    from orders_by_day
    where customer_type = 'person'
    union all
    select
        'orders_of_accounts_in_the_last_week_of_a_quarter' as statistic,
        'all' as subject,
        avg(cast(case when is_last_week then order_count end as {{ type_double() }}))
        / avg(cast(case when not is_last_week then order_count end as {{ type_double() }}))
            as statistic_value
    from working_days
    union all
    select
        'revenue_of_persons_cyber_monday_to_season_day' as statistic,
        'US' as subject,
        avg(case when is_cyber_monday then net_amount_eur end) / nullif(avg(net_amount_eur), 0)
            as statistic_value
    from american_season
    union all
    select
        'revenue_share_of_cyber_week_of_persons' as statistic,
        'US' as subject,
        sum(case when is_in_cyber_week then net_amount_eur else 0 end)
        / nullif(sum(net_amount_eur), 0) as statistic_value
    from american_season

),

final as (

    select
        statistic,
        subject,
        statistic_value,
        cast(null as {{ dbt.type_bigint() }}) as sample_size
    from measures

)

select * from final
