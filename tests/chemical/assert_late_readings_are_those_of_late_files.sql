{#-
    A returned row is a unit and a day on which the roll-ups count other late readings than those
    of its late files.
-#}
with

tags as (

    select * from {{ ref('stg_asset__tags') }}

),

late_files as (

    select
        unit_id,
        event_date,
        sum(case when is_late then reading_count else 0 end) as late_count
    from {{ ref('stg_historian__ingest_files') }}
    group by unit_id, event_date

),

rolled_up as (

    select
        tags.unit_id,
        tag_days.bucket_date as event_date,
        sum(tag_days.late_count) as late_count
    from {{ ref('int_readings_by_day') }} as tag_days
    inner join tags
        on tag_days.tag_id = tags.tag_id
    group by tags.unit_id, tag_days.bucket_date

)

select
    late_files.unit_id,
    late_files.event_date
from late_files
left join rolled_up
    on
        late_files.unit_id = rolled_up.unit_id
        and late_files.event_date = rolled_up.event_date
where coalesce(rolled_up.late_count, 0) <> late_files.late_count
