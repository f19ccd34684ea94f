{#-
    A returned row is a bucket whose average or time average lies outside its extremes, or whose
    durations are more than its width. Compared in whole numbers, which are exact.
-#}
with

buckets as (

    {% for level in ['minute', 'quarter_hour', 'hour', 'day', 'local_day'] %}
    select
        '{{ level }}' as rollup_name,
        tag_id,
        bucket_at,
        bucket_end_at,
        good_count + uncertain_count as value_count,
        value_sum,
        double_area,
        duration_good_us,
        duration_uncertain_us,
        duration_bad_us,
        {{ packed_extreme_eighths('minimum_packed') }} as minimum_eighths,
        {{ packed_extreme_eighths('maximum_packed') }} as maximum_eighths
    from {{ ref('int_readings_by_' ~ level) }}
    {% if not loop.last %}
    union all
    {% endif %}
    {% endfor %}

)

select
    rollup_name,
    tag_id,
    bucket_at
from buckets
where
    minimum_eighths * value_count > 8 * value_sum
    or maximum_eighths * value_count < 8 * value_sum
    or cast(2 * minimum_eighths as {{ type_wide_integer() }})
    * (duration_good_us + duration_uncertain_us) > double_area
    or cast(2 * maximum_eighths as {{ type_wide_integer() }})
    * (duration_good_us + duration_uncertain_us) < double_area
    or duration_good_us + duration_uncertain_us + duration_bad_us
    > {{ epoch_microseconds('bucket_end_at') }} - {{ epoch_microseconds('bucket_at') }}
