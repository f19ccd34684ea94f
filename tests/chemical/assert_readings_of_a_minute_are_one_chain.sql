{#-
    A returned row is a minute whose readings are not linked to one ascending chain: the row before in
    the files was not the reading before.
-#}
select
    tag_id,
    reading_minute
from {{ ref('int_reading_minutes') }}
where link_count <> reading_count - duplicate_count - 1
