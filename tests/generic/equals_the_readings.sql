{% test equals_the_readings(model, minutes) %}
{#-
    A returned row is a bucket that differs from what its readings say, computed straight from them and in another way. Two
    tags of every unit are looked at, each whole.
-#}
with

tags as (

    select * from {{ ref('stg_asset__tags') }}

),

samples as (

    select min(tag_id) as tag_id from tags group by unit_id
    union
    select max(tag_id) as tag_id from tags group by unit_id

),

readings as (

    select
        readings.*,
        {{ steps_of('readings.value', 'tags.resolution') }} as steps,
        {{ time_bucket('readings.measured_at', minutes) }} as bucket_at
    from {{ ref('stg_historian__readings') }} as readings
    inner join samples
        on readings.tag_id = samples.tag_id
    inner join tags
        on
            readings.org_id = tags.org_id
            and readings.tag_id = tags.tag_id

),

totals as (

    select
        org_id,
        tag_id,
        bucket_at,
        count(*) as reading_count,
        sum(case when quality >= 192 then 1 else 0 end) as good_count,
        sum(case when quality >= 64 and quality < 128 then 1 else 0 end) as uncertain_count,
        sum(case when quality < 64 then 1 else 0 end) as bad_count,
        min(quality) as worst_quality,
        sum(cast(steps as {{ type_wide_integer() }})) as value_sum,
        sum(cast(steps as decimal(18, 0)) * cast(steps as decimal(18, 0))) as value_square_sum,
        avg(value) as average,
        stddev_samp(value) as standard_deviation,
        min(value) as minimum,
        max(value) as maximum,
        min(case when value is not null then measured_at end) as first_value_at,
        max(case when value is not null then measured_at end) as last_value_at,
        max(ingested_at) as last_ingested_at
    from readings
    group by org_id, tag_id, bucket_at

),

expected as (

    select
        totals.org_id,
        totals.tag_id,
        totals.bucket_at,
        max(totals.reading_count) as reading_count,
        max(totals.good_count) as good_count,
        max(totals.uncertain_count) as uncertain_count,
        max(totals.bad_count) as bad_count,
        max(totals.worst_quality) as worst_quality,
        max(totals.value_sum) as value_sum,
        max(totals.value_square_sum) as value_square_sum,
        max(totals.average) as average,
        max(totals.standard_deviation) as standard_deviation,
        max(totals.minimum) as minimum,
        min(case when readings.value = totals.minimum then readings.measured_at end)
            as minimum_at,
        max(totals.maximum) as maximum,
        min(case when readings.value = totals.maximum then readings.measured_at end)
            as maximum_at,
        min(case when readings.measured_at = totals.first_value_at then readings.value end)
            as first_value,
        max(totals.first_value_at) as first_value_at,
        max(case when readings.measured_at = totals.last_value_at then readings.value end)
            as last_value,
        max(totals.last_value_at) as last_value_at,
        max(totals.last_ingested_at) as last_ingested_at
    from totals
    inner join readings
        on
            totals.tag_id = readings.tag_id
            and totals.bucket_at = readings.bucket_at
    group by totals.org_id, totals.tag_id, totals.bucket_at

),

actual as (

    select buckets.*
    from {{ model }} as buckets
    inner join samples
        on buckets.tag_id = samples.tag_id

)

select
    coalesce(expected.tag_id, actual.tag_id) as tag_id,
    coalesce(expected.bucket_at, actual.bucket_at) as bucket_at
from expected
full outer join actual
    on
        expected.tag_id = actual.tag_id
        and expected.bucket_at = actual.bucket_at
where
    expected.tag_id is null
    or actual.tag_id is null
    {%- for column in [
        'org_id', 'reading_count', 'good_count', 'uncertain_count', 'bad_count', 'worst_quality', 'value_sum',
        'value_square_sum', 'minimum', 'minimum_at', 'maximum', 'maximum_at', 'first_value', 'first_value_at',
        'last_value', 'last_value_at', 'last_ingested_at',
    ] %}
    or expected.{{ column }} <> actual.{{ column }}
    or (expected.{{ column }} is null) <> (actual.{{ column }} is null)
    {%- endfor %}
    -- These two are sums of doubles here, so they agree to rounding only.
    {%- for column in ['average', 'standard_deviation'] %}
    or abs(expected.{{ column }} - actual.{{ column }}) > 1e-6 * (1 + abs(actual.{{ column }}))
    or (expected.{{ column }} is null) <> (actual.{{ column }} is null)
    {%- endfor %}
{% endtest %}
