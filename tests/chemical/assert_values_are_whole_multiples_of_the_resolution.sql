{#-
    A returned row is a reading whose value lies between two steps of its tag's resolution.
-#}
with

readings as (

    select * from {{ ref('stg_historian__readings') }}

),

tags as (

    select * from {{ ref('stg_asset__tags') }}

)

select
    readings.tag_id,
    readings.measured_at,
    readings.value
from readings
inner join tags
    on readings.tag_id = tags.tag_id
where
    abs(readings.value / tags.resolution - round(readings.value / tags.resolution))
    > 1e-6
