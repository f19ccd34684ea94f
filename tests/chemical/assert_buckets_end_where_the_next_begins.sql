{#-
    A returned row is a minute that begins with another value than the one before it ended with.
    Nearly all rows lie right behind that of the minute before, which spares joining them with it.
-#}
with

followed as (

    select
        reading_bucket_key,
        tag_id,
        start_bound_eighths,
        {{ of_row_before('reading_bucket_key', 'tag_id', 'reading_bucket_key') }}
            as followed_bucket_key,
        {{ of_row_before('end_bound_eighths', 'tag_id', 'reading_bucket_key') }}
            as followed_end_bound_eighths,
        bucket_at
    from {{ ref('int_readings_by_minute') }}

),

suspects as (

    select *
    from followed
    where
        followed_bucket_key is null
        or followed_bucket_key <> reading_bucket_key - 1
        or coalesce(followed_end_bound_eighths, -1) <> coalesce(start_bound_eighths, -1)

)

select
    suspects.tag_id,
    suspects.bucket_at
from suspects
inner join {{ ref('int_readings_by_minute') }} as minutes_before
    on suspects.reading_bucket_key - 1 = minutes_before.reading_bucket_key
where coalesce(minutes_before.end_bound_eighths, -1) <> coalesce(suspects.start_bound_eighths, -1)
