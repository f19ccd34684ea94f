{#-
    A returned row is a reading that came in before it was measured.
-#}
select
    tag_id,
    measured_at,
    ingested_at
from {{ ref('stg_historian__readings') }}
where ingested_at < measured_at
