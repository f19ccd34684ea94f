{#- A returned row is a reading that came in before it was measured. -#}
select *
from {{ ref('stg_historian__readings') }}
where ingested_at < measured_at
