with

orders as (

    select * from {{ ref('fct_orders') }}

),

countries as (

    select * from {{ ref('dim_countries') }}

),

dates as (

    select * from {{ ref('dim_dates') }}

),

dated_orders as (

    select
        orders.customer_type,
        orders.country_code,
        orders.order_hour,
        orders.is_cancelled,
        orders.sales_channel,
        dates.month_number,
        dates.iso_weekday,
        countries.weekend_days
    from orders
    inner join dates
        on orders.order_date = dates.date_day
    inner join countries
        on orders.country_code = countries.country_code

),

flags as (

    select
        'share_of_working_day_orders_of_accounts' as statistic,
        cast(weekdays.iso_weekday as {{ dbt.type_string() }}) as subject,
        case when dated_orders.iso_weekday = weekdays.iso_weekday then 1 else 0 end as flag
    from dated_orders
    cross join (values (1), (2), (3), (4), (5)) as weekdays (iso_weekday)
    where
        dated_orders.customer_type = 'account'
        and dated_orders.weekend_days = '6,7'
        and dated_orders.iso_weekday <= 5
    union all
    select
        'share_of_orders_of_persons_at_the_weekend' as statistic,
        'all' as subject,
        case when iso_weekday >= 6 then 1 else 0 end as flag
    from dated_orders
    where
        customer_type = 'person'
        and weekend_days = '6,7'
    union all
    select
        'share_of_orders_of_persons_in_november_and_december' as statistic,
        'all' as subject,
        case when month_number >= 11 then 1 else 0 end as flag
    from dated_orders
    where customer_type = 'person'
    union all
    select
        'share_of_orders_of_accounts_from_10_to_16' as statistic,
        'all' as subject,
        case when order_hour between 10 and 15 then 1 else 0 end as flag
    from dated_orders
    where customer_type = 'account'
    union all
    select
        'share_of_orders_of_accounts_before_8' as statistic,
        'all' as subject,
        case when order_hour < 8 then 1 else 0 end as flag
    from dated_orders
    where customer_type = 'account'
    union all
    select
        'share_of_orders_cancelled' as statistic,
        'all' as subject,
        case when is_cancelled then 1 else 0 end as flag
    from dated_orders
    union all
    select
        'share_of_online_orders_of_persons_by_mobile' as statistic,
        'all' as subject,
        case when sales_channel = 'mobile_app' then 1 else 0 end as flag
    from dated_orders
    where customer_type = 'person'

),

final as (

    select
        statistic,
        subject,
        avg(cast(flag as {{ type_double() }})) as statistic_value,
        count(*) as sample_size
    from flags
    group by statistic, subject

)

select * from final
