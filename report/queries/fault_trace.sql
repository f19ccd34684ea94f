-- One row per minute of a tag ($tag_id) from $begins to $ends (UTC): the average of its readings.
select
    bucket_at as moment,
    average
from chemical.fct_readings_by_minute
where
    tag_id = $tag_id
    and bucket_date between cast($begins as date) and cast($ends as date)
    and bucket_at between cast($begins as timestamp) and cast($ends as timestamp)
    and average is not null
order by moment asc
