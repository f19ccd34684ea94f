{#-
    A returned row is a tag and a day on which two levels of the roll-ups disagree in a count or
    an exact sum.
-#}
with

levels as (

    select
        'minute' as rollup_name,
        tag_id,
        bucket_date,
        reading_count,
        good_count,
        uncertain_count,
        bad_count,
        late_count,
        value_sum,
        value_square_sum
    from {{ ref('fct_readings_by_minute') }}

    union all

    select
        'quarter_hour' as rollup_name,
        tag_id,
        bucket_date,
        reading_count,
        good_count,
        uncertain_count,
        bad_count,
        late_count,
        value_sum,
        value_square_sum
    from {{ ref('fct_readings_by_quarter_hour') }}

    union all

    select
        'hour' as rollup_name,
        tag_id,
        bucket_date,
        reading_count,
        good_count,
        uncertain_count,
        bad_count,
        late_count,
        value_sum,
        value_square_sum
    from {{ ref('fct_readings_by_hour') }}

    union all

    select
        'day' as rollup_name,
        tag_id,
        bucket_date,
        reading_count,
        good_count,
        uncertain_count,
        bad_count,
        late_count,
        value_sum,
        value_square_sum
    from {{ ref('fct_readings_by_day') }}

),

totals as (

    select
        rollup_name,
        tag_id,
        bucket_date,
        sum(reading_count) as reading_count,
        sum(good_count) as good_count,
        sum(uncertain_count) as uncertain_count,
        sum(bad_count) as bad_count,
        sum(late_count) as late_count,
        coalesce(sum(value_sum), 0) as value_sum,
        coalesce(sum(value_square_sum), 0) as value_square_sum
    from levels
    group by rollup_name, tag_id, bucket_date

)

select
    tag_id,
    bucket_date
from totals
group by tag_id, bucket_date
having
    count(*) <> 4
    or min(reading_count) <> max(reading_count)
    or min(good_count) <> max(good_count)
    or min(uncertain_count) <> max(uncertain_count)
    or min(bad_count) <> max(bad_count)
    or min(late_count) <> max(late_count)
    or min(value_sum) <> max(value_sum)
    or min(value_square_sum) <> max(value_square_sum)
