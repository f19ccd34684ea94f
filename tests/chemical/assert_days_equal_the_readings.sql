{#-
    A returned row is a tag and a day whose roll-up differs from its readings: counts, exact sums,
    worst quality, last arrival. All tags; of readings of one instant the one that arrived last.
    Only days with such readings are ordered: one of them has a seq above 0, as
    assert_readings_are_unique sees to.
-#}
with

tags as (

    select * from {{ ref('stg_asset__tags') }}

),

-- From the source itself, twice: DuckDB would hold all rows of a CTE that is read twice.
simple_days as (

    select
        readings.tag_id,
        cast(readings.measured_at as date) as bucket_date,
        count(*) as reading_count,
        count({{ steps_of('readings.value', 'tags.resolution') }}) as value_count,
        sum({{ steps_of('readings.value', 'tags.resolution') }}) as value_sum,
        min(readings.quality) as worst_quality,
        max(readings.ingested_at) as last_ingested_at
    from {{ source('historian', 'readings') }} as readings
    inner join tags
        on readings.tag_id = tags.tag_id
    group by readings.tag_id, cast(readings.measured_at as date)
    having max(readings.seq) <= 0

),

repeated_days as (

    select distinct
        tag_id,
        cast(measured_at as date) as bucket_date
    from {{ source('historian', 'readings') }}
    where seq > 0

),

placed as (

    select
        readings.tag_id,
        readings.quality,
        {{ steps_of('readings.value', 'tags.resolution') }} as steps,
        row_number() over (
            partition by readings.tag_id, readings.measured_at
            order by readings.ingested_at desc, readings.seq desc
        ) as place,
        readings.ingested_at,
        repeated_days.bucket_date
    from {{ source('historian', 'readings') }} as readings
    inner join repeated_days
        on
            readings.tag_id = repeated_days.tag_id
            and cast(readings.measured_at as date) = repeated_days.bucket_date
    inner join tags
        on readings.tag_id = tags.tag_id

),

expected as (

    select * from simple_days
    union all
    select
        tag_id,
        bucket_date,
        count(*) as reading_count,
        count(case when place = 1 then steps end) as value_count,
        sum(case when place = 1 then steps end) as value_sum,
        min(case when place = 1 then quality end) as worst_quality,
        max(ingested_at) as last_ingested_at
    from placed
    group by tag_id, bucket_date

)

select
    expected.tag_id,
    expected.bucket_date
from expected
left join {{ ref('int_readings_by_day') }} as tag_days
    on
        expected.tag_id = tag_days.tag_id
        and expected.bucket_date = tag_days.bucket_date
where
    tag_days.tag_id is null
    or expected.reading_count <> tag_days.reading_count
    or expected.value_count <> tag_days.good_count + tag_days.uncertain_count
    or coalesce(expected.value_sum, 0) <> coalesce(tag_days.value_sum, 0)
    or expected.worst_quality <> tag_days.worst_quality
    or expected.last_ingested_at <> tag_days.last_ingested_at
