{#-
    A returned row is a tag and an instant with two readings of the same seq. A tag and day whose
    readings follow each other in one ascending chain cannot hold one, which spares telling fifty
    million keys apart.
-#}
with

followed as (

    select
        tag_id,
        measured_at,
        {{ of_row_before('tag_id', 'tag_id', 'measured_at') }} as followed_tag_id,
        {{ of_row_before('measured_at', 'tag_id', 'measured_at') }} as followed_at
    from {{ source('historian', 'readings') }}

),

-- With more than one reading that does not follow an earlier one of its tag and day.
tangled_days as (

    select
        tag_id,
        cast(measured_at as date) as measured_date
    from followed
    where
        followed_at is null
        or followed_tag_id <> tag_id
        or followed_at >= measured_at
        or followed_at < date_trunc('day', measured_at)
    group by tag_id, cast(measured_at as date)
    having count(*) > 1

)

select
    readings.tag_id,
    readings.measured_at,
    readings.seq
from {{ source('historian', 'readings') }} as readings
inner join tangled_days
    on
        readings.tag_id = tangled_days.tag_id
        and cast(readings.measured_at as date) = tangled_days.measured_date
group by readings.tag_id, readings.measured_at, readings.seq
having count(*) > 1
