{% set months = [
    'January', 'February', 'March', 'April', 'May', 'June', 'July', 'August', 'September',
    'October', 'November', 'December'
] %}
{% set weekdays = [
    'Monday', 'Tuesday', 'Wednesday', 'Thursday', 'Friday', 'Saturday', 'Sunday'
] %}

with

orders as (

    select * from {{ ref('stg_oms__orders') }}

),

bounds as (

    select
        make_date(cast(extract(year from min(order_date)) as {{ dbt.type_int() }}), 1, 1)
            as first_date,
        make_date(cast(extract(year from max(order_date)) as {{ dbt.type_int() }}) + 1, 12, 31)
            as last_date
    from orders

),

digits as (

    select digits.digit
    from (values (0), (1), (2), (3), (4), (5), (6), (7), (8), (9)) as digits (digit)

),

-- 10,000 days are 27 years.
day_numbers as (

    select
        thousands.digit * 1000
        + hundreds.digit * 100
        + tens.digit * 10
        + ones.digit as day_number
    from digits as thousands
    cross join digits as hundreds
    cross join digits as tens
    cross join digits as ones

),

days as (

    select
        cast({{ dbt.dateadd('day', 'day_numbers.day_number', 'bounds.first_date') }} as date)
            as date_day,
        bounds.last_date
    from bounds
    cross join day_numbers

),

numbered as (

    select
        date_day,

        cast(extract(year from date_day) as {{ dbt.type_int() }}) as year_number,
        cast(extract(quarter from date_day) as {{ dbt.type_int() }}) as quarter_number,
        cast(extract(month from date_day) as {{ dbt.type_int() }}) as month_number,
        cast(extract(week from date_day) as {{ dbt.type_int() }}) as iso_week_number,
        cast(extract(day from date_day) as {{ dbt.type_int() }}) as day_of_month,
        cast(extract(doy from date_day) as {{ dbt.type_int() }}) as day_of_year,
        {{ iso_day_of_week('date_day') }} as iso_weekday,

        cast(date_trunc('year', date_day) as date) as year_start_date,
        cast(date_trunc('quarter', date_day) as date) as quarter_start_date,
        cast(date_trunc('month', date_day) as date) as month_start_date,
        cast(date_trunc('week', date_day) as date) as week_start_date
    from days
    where date_day <= last_date

),

-- A week belongs to the year that has its Thursday.
with_iso_years as (

    select
        *,
        cast(
            extract(year from {{ dbt.dateadd('day', 3, 'week_start_date') }})
            as {{ dbt.type_int() }}
        ) as iso_year
    from numbered

),

final as (

    select
        date_day,

        case month_number
            {%- for month in months %}
            when {{ loop.index }} then '{{ month }}'
            {%- endfor %}
        end as month_name,
        case iso_weekday
            {%- for weekday in weekdays %}
            when {{ loop.index }} then '{{ weekday }}'
            {%- endfor %}
        end as weekday_name,
        cast(year_number as {{ dbt.type_string() }})
        || '-Q' || cast(quarter_number as {{ dbt.type_string() }}) as calendar_quarter,
        cast(year_number as {{ dbt.type_string() }})
        || '-' || lpad(cast(month_number as {{ dbt.type_string() }}), 2, '0') as calendar_month,
        cast(iso_year as {{ dbt.type_string() }})
        || '-W' || lpad(cast(iso_week_number as {{ dbt.type_string() }}), 2, '0') as iso_week,

        year_number,
        quarter_number,
        month_number,
        iso_year,
        iso_week_number,
        day_of_month,
        day_of_year,
        iso_weekday,

        iso_weekday >= 6 as is_weekend,

        year_start_date,
        quarter_start_date,
        month_start_date,
        week_start_date
    from with_iso_years

)

select * from final
