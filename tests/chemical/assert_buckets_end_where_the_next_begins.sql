{#-
    A returned row is a minute that begins with another value than the one before it ended with.
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

-- Nearly all rows lie right behind that of the minute before, which spares joining them.
pairs as (

    select
        tag_id,
        bucket_at,
        start_bound_eighths,
        followed_end_bound_eighths as end_bound_eighths_before
    from followed
    where followed_bucket_key = reading_bucket_key - 1
    union all
    select
        followed.tag_id,
        followed.bucket_at,
        followed.start_bound_eighths,
        minutes.end_bound_eighths as end_bound_eighths_before
    from followed
    inner join {{ ref('int_readings_by_minute') }} as minutes
        on followed.reading_bucket_key - 1 = minutes.reading_bucket_key
    where
        followed.followed_bucket_key is null
        or followed.followed_bucket_key <> followed.reading_bucket_key - 1

)

select
    tag_id,
    bucket_at
from pairs
where coalesce(start_bound_eighths, -1) <> coalesce(end_bound_eighths_before, -1)
