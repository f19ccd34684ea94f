{#-
    Fixed intervals of ten minutes. A flood begins with one of more than ten alarms and lasts until one of fewer than five
    (ISA-18.2): intervals of five and more that follow each other are one run, and within it the flood lasts from the first
    with more than ten to the end.
-#}
with

annunciations as (

    select * from {{ ref('int_alarm_annunciations') }}

),

console_days as (

    select * from {{ ref('int_console_days') }}

),

months as (

    select
        org_id,
        site_id,
        plant_id,
        console_code,
        month_date,
        count(*) as observed_day_count
    from console_days
    group by org_id, site_id, plant_id, console_code, month_date

),

minutes as (

    select
        org_id,
        console_code,
        {{ time_bucket('annunciated_at', 1) }} as minute_at,
        count(*) as alarm_count
    from annunciations
    group by org_id, console_code, {{ time_bucket('annunciated_at', 1) }}

),

intervals as (

    select
        org_id,
        console_code,
        {{ time_bucket('minute_at', 10) }} as interval_at,
        sum(alarm_count) as alarm_count,
        max(alarm_count) as peak_per_minute
    from minutes
    group by org_id, console_code, {{ time_bucket('minute_at', 10) }}

),

hours as (

    select
        org_id,
        console_code,
        {{ time_bucket('interval_at', 60) }} as hour_at,
        sum(alarm_count) as alarm_count,
        max(alarm_count) as peak_per_10_minutes,
        max(peak_per_minute) as peak_per_minute,
        sum(case when alarm_count > 10 then 1 else 0 end) as crowded_interval_count
    from intervals
    group by org_id, console_code, {{ time_bucket('interval_at', 60) }}

),

busy_intervals as (

    select
        *,
        case
            when
                interval_at = lag(interval_at) over (
                    partition by org_id, console_code order by interval_at
                ) + interval '10 minutes'
                then 0
            else 1
        end as begins_a_run
    from intervals
    where alarm_count >= 5

),

runs as (

    select
        *,
        sum(begins_a_run) over (
            partition by org_id, console_code order by interval_at
            rows between unbounded preceding and current row
        ) as run_number
    from busy_intervals

),

floods as (

    select
        org_id,
        console_code,
        interval_at,
        max(alarm_count) over (
            partition by org_id, console_code, run_number order by interval_at
            rows between unbounded preceding and current row
        ) > 10 as is_flood
    from runs

),

flood_months as (

    select
        org_id,
        console_code,
        cast(date_trunc('month', interval_at) as date) as month_date,
        count(*) as flood_interval_count
    from floods
    where is_flood
    group by org_id, console_code, cast(date_trunc('month', interval_at) as date)

),

hour_months as (

    select
        org_id,
        console_code,
        cast(date_trunc('month', hour_at) as date) as month_date,
        sum(alarm_count) as alarm_count,
        max(alarm_count) as peak_per_hour,
        max(peak_per_10_minutes) as peak_per_10_minutes,
        max(peak_per_minute) as peak_per_minute,
        sum(crowded_interval_count) as crowded_interval_count
    from hours
    group by org_id, console_code, cast(date_trunc('month', hour_at) as date)

),

final as (

    select
        {{ surrogate_key(['months.plant_id', 'months.month_date']) }} as console_month_key,
        months.org_id,
        months.site_id,
        months.plant_id,

        months.console_code,

        months.observed_day_count,
        cast(coalesce(hour_months.alarm_count, 0) as bigint) as annunciation_count,
        cast(coalesce(hour_months.peak_per_minute, 0) as bigint) as peak_per_minute,
        cast(coalesce(hour_months.peak_per_10_minutes, 0) as bigint) as peak_per_10_minutes,
        cast(coalesce(hour_months.peak_per_hour, 0) as bigint) as peak_per_hour,
        cast(coalesce(hour_months.crowded_interval_count, 0) as bigint) as crowded_interval_count,
        cast(coalesce(flood_months.flood_interval_count, 0) as bigint) as flood_interval_count,

        months.month_date
    from months
    left join hour_months
        on
            months.org_id = hour_months.org_id
            and months.console_code = hour_months.console_code
            and months.month_date = hour_months.month_date
    left join flood_months
        on
            months.org_id = flood_months.org_id
            and months.console_code = flood_months.console_code
            and months.month_date = flood_months.month_date

)

select * from final
