-- When did readings go missing, and on which equipment?
-- Answer: hours in which a tag brought fewer than nine tenths of the readings that it promises, the
-- emptiest first. Every scan promises one; where only changes are sent, the longest silence does.
-- Look for: several tags of one piece of equipment in the same hour point at its input station, a
-- single tag at the line to its instrument. An hour without any reading counts as long as the last
-- value holds; when the gap is longer, the roll-up has no row for the hours after.

with

hours as (

    select * from {{ ref('fct_readings_by_hour') }}

),

tags as (

    select * from {{ ref('dim_tags') }}

),

-- Values hold beyond the last reading of all, where nothing was promised any more.
history as (

    select max(bucket_at) as last_hour_at
    from hours
    where reading_count > 0

),

expected as (

    select
        hours.tag_id,
        hours.bucket_at,
        hours.reading_count,
        3600 / coalesce(
            tags.compression_max_seconds,
            tags.exception_max_seconds,
            cast(tags.scan_interval_ms as {{ type_double() }}) / 1000
        ) as promised_count
    from hours
    inner join tags
        on hours.tag_id = tags.tag_id
    cross join history
    where hours.bucket_at <= history.last_hour_at

)

select
    expected.bucket_at,
    tags.org_name,
    tags.unit_name,
    tags.equipment_code,
    tags.equipment_name,
    tags.tag_name,
    expected.reading_count,
    cast(expected.promised_count as decimal(10, 0)) as promised_count,
    cast(100 * expected.reading_count / expected.promised_count as decimal(6, 1))
        as percent_arrived
from expected
inner join tags
    on expected.tag_id = tags.tag_id
where expected.reading_count < 0.9 * expected.promised_count
order by
    percent_arrived,
    expected.bucket_at,
    tags.tag_name,
    tags.org_name
limit 50
