{#-
    A returned row is a unit and a day whose minutes hold more or fewer readings than its files
    brought.
-#}
with

tags as (

    select * from {{ ref('stg_asset__tags') }}

),

arrived as (

    select
        unit_id,
        event_date,
        sum(reading_count) as reading_count
    from {{ ref('stg_historian__ingest_files') }}
    group by unit_id, event_date

),

rolled_up as (

    select
        tags.unit_id,
        buckets.bucket_date as event_date,
        sum(buckets.reading_count) as reading_count
    from {{ ref('int_reading_minutes') }} as buckets
    inner join tags
        on buckets.tag_id = tags.tag_id
    group by tags.unit_id, buckets.bucket_date

)

select
    arrived.unit_id,
    arrived.event_date,
    arrived.reading_count as arrived_count,
    rolled_up.reading_count as rolled_up_count
from arrived
full outer join rolled_up
    on
        arrived.unit_id = rolled_up.unit_id
        and arrived.event_date = rolled_up.event_date
where
    arrived.unit_id is null
    or rolled_up.unit_id is null
    or arrived.reading_count <> rolled_up.reading_count
