{#-
    A returned row is a reading whose limit bits say that it was cut, but whose value is not at
    that end of the range.
-#}
with

limited as (

    select *
    from {{ ref('stg_historian__readings') }}
    where
        quality >= 64
        and mod(quality, 4) in (1, 2)

),

tags as (

    select * from {{ ref('stg_asset__tags') }}

)

select
    limited.tag_id,
    limited.measured_at,
    limited.value
from limited
inner join tags
    on limited.tag_id = tags.tag_id
where
    limited.value <> case mod(limited.quality, 4)
        when 1 then tags.range_low
        else tags.range_high
    end
