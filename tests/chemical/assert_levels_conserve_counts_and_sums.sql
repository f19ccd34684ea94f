{#-
    A returned row is a tag and a day (UTC) on which two levels of the roll-ups disagree in a count,
    an exact sum, an area or a duration.
-#}
with

totals as (

    select
        'minute' as rollup_name,
        tag_id,
        bucket_date,
        coalesce(sum(reading_count), 0) as reading_count,
        coalesce(sum(duplicate_count), 0) as duplicate_count,
        coalesce(sum(good_count), 0) as good_count,
        coalesce(sum(uncertain_count), 0) as uncertain_count,
        coalesce(sum(late_count), 0) as late_count,
        coalesce(sum(value_sum), 0) as value_sum,
        coalesce(sum(value_square_sum), 0) as value_square_sum,
        coalesce(sum(double_area), 0) as double_area,
        coalesce(sum(triple_square_area), 0) as triple_square_area,
        coalesce(sum(duration_good_us), 0) as duration_good_us,
        coalesce(sum(duration_uncertain_us), 0) as duration_uncertain_us,
        coalesce(sum(duration_bad_us), 0) as duration_bad_us,
        coalesce(sum(duration_zero_us), 0) as duration_zero_us,
        coalesce(sum(transition_count), 0) as transition_count,
        coalesce(sum(increase_steps), 0) as increase_steps,
        coalesce(sum(decrease_count), 0) as decrease_count
    from {{ ref('int_readings_by_minute') }}
    group by tag_id, bucket_date

    union all

    select
        'quarter_hour' as rollup_name,
        tag_id,
        bucket_date,
        coalesce(sum(reading_count), 0) as reading_count,
        coalesce(sum(duplicate_count), 0) as duplicate_count,
        coalesce(sum(good_count), 0) as good_count,
        coalesce(sum(uncertain_count), 0) as uncertain_count,
        coalesce(sum(late_count), 0) as late_count,
        coalesce(sum(value_sum), 0) as value_sum,
        coalesce(sum(value_square_sum), 0) as value_square_sum,
        coalesce(sum(double_area), 0) as double_area,
        coalesce(sum(triple_square_area), 0) as triple_square_area,
        coalesce(sum(duration_good_us), 0) as duration_good_us,
        coalesce(sum(duration_uncertain_us), 0) as duration_uncertain_us,
        coalesce(sum(duration_bad_us), 0) as duration_bad_us,
        coalesce(sum(duration_zero_us), 0) as duration_zero_us,
        coalesce(sum(transition_count), 0) as transition_count,
        coalesce(sum(increase_steps), 0) as increase_steps,
        coalesce(sum(decrease_count), 0) as decrease_count
    from {{ ref('int_readings_by_quarter_hour') }}
    group by tag_id, bucket_date

    union all

    select
        'hour' as rollup_name,
        tag_id,
        bucket_date,
        coalesce(sum(reading_count), 0) as reading_count,
        coalesce(sum(duplicate_count), 0) as duplicate_count,
        coalesce(sum(good_count), 0) as good_count,
        coalesce(sum(uncertain_count), 0) as uncertain_count,
        coalesce(sum(late_count), 0) as late_count,
        coalesce(sum(value_sum), 0) as value_sum,
        coalesce(sum(value_square_sum), 0) as value_square_sum,
        coalesce(sum(double_area), 0) as double_area,
        coalesce(sum(triple_square_area), 0) as triple_square_area,
        coalesce(sum(duration_good_us), 0) as duration_good_us,
        coalesce(sum(duration_uncertain_us), 0) as duration_uncertain_us,
        coalesce(sum(duration_bad_us), 0) as duration_bad_us,
        coalesce(sum(duration_zero_us), 0) as duration_zero_us,
        coalesce(sum(transition_count), 0) as transition_count,
        coalesce(sum(increase_steps), 0) as increase_steps,
        coalesce(sum(decrease_count), 0) as decrease_count
    from {{ ref('int_readings_by_hour') }}
    group by tag_id, bucket_date

    union all

    select
        'day' as rollup_name,
        tag_id,
        bucket_date,
        coalesce(sum(reading_count), 0) as reading_count,
        coalesce(sum(duplicate_count), 0) as duplicate_count,
        coalesce(sum(good_count), 0) as good_count,
        coalesce(sum(uncertain_count), 0) as uncertain_count,
        coalesce(sum(late_count), 0) as late_count,
        coalesce(sum(value_sum), 0) as value_sum,
        coalesce(sum(value_square_sum), 0) as value_square_sum,
        coalesce(sum(double_area), 0) as double_area,
        coalesce(sum(triple_square_area), 0) as triple_square_area,
        coalesce(sum(duration_good_us), 0) as duration_good_us,
        coalesce(sum(duration_uncertain_us), 0) as duration_uncertain_us,
        coalesce(sum(duration_bad_us), 0) as duration_bad_us,
        coalesce(sum(duration_zero_us), 0) as duration_zero_us,
        coalesce(sum(transition_count), 0) as transition_count,
        coalesce(sum(increase_steps), 0) as increase_steps,
        coalesce(sum(decrease_count), 0) as decrease_count
    from {{ ref('int_readings_by_day') }}
    group by tag_id, bucket_date

)

select
    tag_id,
    bucket_date
from totals
group by tag_id, bucket_date
having
    count(*) <> 4
    or min(reading_count) <> max(reading_count)
    or min(duplicate_count) <> max(duplicate_count)
    or min(good_count) <> max(good_count)
    or min(uncertain_count) <> max(uncertain_count)
    or min(late_count) <> max(late_count)
    or min(value_sum) <> max(value_sum)
    or min(value_square_sum) <> max(value_square_sum)
    or min(double_area) <> max(double_area)
    or min(triple_square_area) <> max(triple_square_area)
    or min(duration_good_us) <> max(duration_good_us)
    or min(duration_uncertain_us) <> max(duration_uncertain_us)
    or min(duration_bad_us) <> max(duration_bad_us)
    or min(duration_zero_us) <> max(duration_zero_us)
    or min(transition_count) <> max(transition_count)
    or min(increase_steps) <> max(increase_steps)
    or min(decrease_count) <> max(decrease_count)
