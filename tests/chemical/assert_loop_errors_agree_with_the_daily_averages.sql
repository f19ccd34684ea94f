{#-
    A returned row is a loop that was under control all day, but whose mean error is not the daily average of its process value
    less that of its set point, or whose RMS error is less than its mean error.
-#}
with

days as (

    select
        tags.loop_id,
        daily.bucket_date,
        max(case when tags.tag_role = 'PV' then daily.time_average end) as process_value,
        max(case when tags.tag_role = 'SP' then daily.time_average end) as set_point,
        max(case when tags.tag_role = 'PV' then tags.range_high - tags.range_low end) as span,
        min(daily.duration_good_seconds + daily.duration_uncertain_seconds) as known_seconds
    from {{ ref('fct_readings_by_day') }} as daily
    inner join {{ ref('stg_asset__tags') }} as tags
        on daily.tag_id = tags.tag_id
    where tags.tag_role in ('PV', 'SP')
    group by tags.loop_id, daily.bucket_date

)

select
    performance.loop_id,
    performance.performance_date,
    performance.mean_error_percent,
    performance.rms_error_percent
from {{ ref('fct_control_loop_performance') }} as performance
inner join days
    on
        performance.loop_id = days.loop_id
        and performance.performance_date = days.bucket_date
where
    abs(performance.mean_error_percent) > performance.rms_error_percent + 0.000002
    or (
        performance.controlled_seconds > 86399.999
        and days.known_seconds > 86399.999
        and abs(
            performance.mean_error_percent
            - 100 * (days.process_value - days.set_point) / days.span
        ) > 0.000002
    )
