{#-
    A returned row is a tag and a day whose roll-up differs from its readings: counts, exact sums,
    worst quality, last arrival. All tags; of readings of one instant the one that arrived last.
-#}
with

tags as (

    select * from {{ ref('stg_asset__tags') }}

),

readings as (

    select
        readings.*,
        {{ steps_of('readings.value', 'tags.resolution') }} as steps,
        row_number() over (
            partition by readings.tag_id, readings.measured_at
            order by readings.ingested_at desc, readings.seq desc
        ) as place
    from {{ source('historian', 'readings') }} as readings
    inner join tags
        on readings.tag_id = tags.tag_id

),

expected as (

    select
        tag_id,
        cast(measured_at as date) as bucket_date,
        count(*) as reading_count,
        count(case when place = 1 then steps end) as value_count,
        coalesce(sum(case when place = 1 then steps end), 0) as value_sum,
        min(case when place = 1 then quality end) as worst_quality,
        max(ingested_at) as last_ingested_at
    from readings
    group by tag_id, cast(measured_at as date)

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
    or expected.value_sum <> coalesce(tag_days.value_sum, 0)
    or expected.worst_quality <> tag_days.worst_quality
    or expected.last_ingested_at <> tag_days.last_ingested_at
