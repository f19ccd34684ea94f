{#-
    A returned row is a reading whose value lies outside its instrument's range.
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
    readings.value < tags.range_low
    or readings.value > tags.range_high
