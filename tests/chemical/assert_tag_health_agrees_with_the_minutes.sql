{#-
    A returned row is a tag and a day whose health counts other readings than the minutes do, or whose good, uncertain and bad
    times are not those of the minutes, or do not fill the day together with its gaps.
-#}
with

minutes as (

    select
        tag_id,
        bucket_date,
        sum(reading_count) as reading_count,
        sum(good_count) as good_count,
        sum(late_count) as late_count,
        sum(duration_good_seconds) as good_seconds,
        sum(duration_uncertain_seconds) as uncertain_seconds,
        sum(duration_bad_seconds) as bad_seconds
    from {{ ref('fct_readings_by_minute') }}
    group by tag_id, bucket_date

)

select
    health.tag_id,
    health.health_date
from {{ ref('fct_tag_health') }} as health
left join minutes
    on
        health.tag_id = minutes.tag_id
        and health.health_date = minutes.bucket_date
where
    health.reading_count <> coalesce(minutes.reading_count, 0)
    or health.good_count <> coalesce(minutes.good_count, 0)
    or health.late_count <> coalesce(minutes.late_count, 0)
    or health.reading_count
    <> health.good_count + health.uncertain_count + health.bad_count + health.duplicate_count
    or abs(health.percent_good - coalesce(minutes.good_seconds, 0) / 864) > 0.00001
    or abs(health.percent_uncertain - coalesce(minutes.uncertain_seconds, 0) / 864) > 0.00001
    or abs(health.percent_bad - coalesce(minutes.bad_seconds, 0) / 864) > 0.00001
    or abs(
        health.percent_good + health.percent_uncertain + health.percent_bad
        + health.gap_seconds / 864 - 100
    ) > 0.00001
