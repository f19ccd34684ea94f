{#-
    A returned row is a tag and a day whose roll-up differs from its readings: counts, exact sums,
    worst quality, last arrival. All tags; of readings of one instant the one that arrived last.
    Only such readings are ordered: one of them has a seq above 0, as assert_readings_are_unique
    sees to.
-#}
with

tags as (

    select * from {{ ref('stg_asset__tags') }}

),

arrived as (

    select * from {{ source('historian', 'readings') }}

),

repeated as (

    select distinct
        tag_id,
        measured_at
    from arrived
    where seq > 0

),

superseded as (

    select
        tag_id,
        measured_at,
        seq
    from (
        select
            arrived.tag_id,
            arrived.measured_at,
            arrived.seq,
            row_number() over (
                partition by arrived.tag_id, arrived.measured_at
                order by arrived.ingested_at desc, arrived.seq desc
            ) as place
        from arrived
        inner join repeated
            on
                arrived.tag_id = repeated.tag_id
                and arrived.measured_at = repeated.measured_at
    ) as placed
    where place > 1

),

readings as (

    select
        arrived.*,
        {{ steps_of('arrived.value', 'tags.resolution') }} as steps,
        superseded.tag_id is null as counts
    from arrived
    inner join tags
        on arrived.tag_id = tags.tag_id
    left join superseded
        on
            arrived.tag_id = superseded.tag_id
            and arrived.measured_at = superseded.measured_at
            and arrived.seq = superseded.seq

),

expected as (

    select
        tag_id,
        cast(measured_at as date) as bucket_date,
        count(*) as reading_count,
        count(case when counts then steps end) as value_count,
        coalesce(sum(case when counts then steps end), 0) as value_sum,
        min(case when counts then quality end) as worst_quality,
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
