{#-
    A returned row is a reading of bad quality with a value, or of another quality without one.
-#}
select
    tag_id,
    measured_at,
    value,
    quality
from {{ ref('stg_historian__readings') }}
where (value is null) <> (quality < 64)
