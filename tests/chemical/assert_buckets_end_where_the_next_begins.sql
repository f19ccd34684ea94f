{#-
    A returned row is a minute that ends with another value than the next one begins with.
-#}
select
    minutes.tag_id,
    minutes.bucket_at
from {{ ref('int_readings_by_minute') }} as minutes
inner join {{ ref('int_readings_by_minute') }} as next_minutes
    on minutes.reading_bucket_key + 1 = next_minutes.reading_bucket_key
where coalesce(minutes.end_bound_eighths, -1) <> coalesce(next_minutes.start_bound_eighths, -1)
