{#-
    A returned row is a day of the calendar that does not follow the day before, or whose ISO week
    is not that of its week's Thursday.
-#}
with

dates as (

    select * from {{ ref('dim_dates') }}

),

successive_days as (

    select
        date_day,
        day_of_year,
        iso_year,
        iso_week_number,
        iso_weekday,
        lag(date_day) over (order by date_day) as previous_date_day,
        max(case when iso_weekday = 4 then year_number end) over (
            partition by week_start_date
        ) as year_of_thursday,
        max(case when iso_weekday = 4 then day_of_year end) over (
            partition by week_start_date
        ) as day_of_thursday,
        count(*) over (partition by week_start_date) as days_of_week
    from dates

)

select *
from successive_days
where
    {{ dbt.datediff('previous_date_day', 'date_day', 'day') }} <> 1
    or (
        days_of_week = 7
        and (
            iso_year <> year_of_thursday
            or iso_week_number <> ceil(day_of_thursday / 7.0)
        )
    )
