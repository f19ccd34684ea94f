{#-
    A returned row is a tag and a day whose readings are too early or too late for the roll-ups:
    times are packed into 53 bits of microseconds since 1970.
-#}
select
    tag_id,
    bucket_date
from {{ ref('int_reading_minutes') }}
where bucket_date < date '1970-01-01' or bucket_date >= date '2255-01-01'
group by tag_id, bucket_date
