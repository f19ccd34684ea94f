{#-
    A returned row is a loop and a day whose times in manual, automatic, cascade and standing do not add up to the time for which
    the daily roll-up knows the mode, or one of them is negative: the mode was none of 0, 1 and 2.
-#}
with

known as (

    select
        tags.loop_id,
        daily.bucket_date,
        daily.duration_good_seconds + daily.duration_uncertain_seconds as known_seconds
    from {{ ref('fct_readings_by_day') }} as daily
    inner join {{ ref('stg_asset__tags') }} as tags
        on daily.tag_id = tags.tag_id
    where
        tags.tag_role = 'MODE'
        and daily.reading_count > 0

)

select
    performance.loop_id,
    performance.performance_date,
    performance.covered_seconds,
    known.known_seconds
from {{ ref('fct_control_loop_performance') }} as performance
left join known
    on
        performance.loop_id = known.loop_id
        and performance.performance_date = known.bucket_date
where
    abs(performance.covered_seconds - coalesce(known.known_seconds, 0)) > 0.001
    or abs(
        performance.covered_seconds - performance.manual_seconds - performance.automatic_seconds
        - performance.cascade_seconds - performance.standing_seconds
    ) > 0.001
    or performance.manual_seconds < 0
    or performance.automatic_seconds < 0
    or performance.cascade_seconds < 0
    or performance.standing_seconds < 0
