{#-
    A returned row is a bucket whose average lies outside its extremes, or whose extremes and ends
    lie outside the bucket. The average is compared as sum and count, which are exact.
-#}
with

buckets as (

    select
        'minute' as rollup_name,
        1 as minutes,
        tag_id,
        bucket_at,
        good_count + uncertain_count as value_count,
        value_sum,
        minimum,
        maximum,
        first_value,
        last_value,
        minimum_at,
        maximum_at,
        first_value_at,
        last_value_at
    from {{ ref('fct_readings_by_minute') }}

    union all

    select
        'quarter_hour' as rollup_name,
        15 as minutes,
        tag_id,
        bucket_at,
        good_count + uncertain_count as value_count,
        value_sum,
        minimum,
        maximum,
        first_value,
        last_value,
        minimum_at,
        maximum_at,
        first_value_at,
        last_value_at
    from {{ ref('fct_readings_by_quarter_hour') }}

    union all

    select
        'hour' as rollup_name,
        60 as minutes,
        tag_id,
        bucket_at,
        good_count + uncertain_count as value_count,
        value_sum,
        minimum,
        maximum,
        first_value,
        last_value,
        minimum_at,
        maximum_at,
        first_value_at,
        last_value_at
    from {{ ref('fct_readings_by_hour') }}

    union all

    select
        'day' as rollup_name,
        1440 as minutes,
        tag_id,
        bucket_at,
        good_count + uncertain_count as value_count,
        value_sum,
        minimum,
        maximum,
        first_value,
        last_value,
        minimum_at,
        maximum_at,
        first_value_at,
        last_value_at
    from {{ ref('fct_readings_by_day') }}

),

tags as (

    select * from {{ ref('stg_asset__tags') }}

)

select
    buckets.rollup_name,
    buckets.tag_id,
    buckets.bucket_at
from buckets
inner join tags
    on buckets.tag_id = tags.tag_id
where
    {{ steps_of('buckets.minimum', 'tags.resolution') }} * buckets.value_count
    > buckets.value_sum
    or {{ steps_of('buckets.maximum', 'tags.resolution') }} * buckets.value_count
    < buckets.value_sum
    or buckets.first_value not between buckets.minimum and buckets.maximum
    or buckets.last_value not between buckets.minimum and buckets.maximum
    or buckets.minimum_at not between buckets.first_value_at and buckets.last_value_at
    or buckets.maximum_at not between buckets.first_value_at and buckets.last_value_at
    or buckets.first_value_at < buckets.bucket_at
    or {{ epoch_seconds('buckets.last_value_at') }}
    >= {{ epoch_seconds('buckets.bucket_at') }} + buckets.minutes * 60
