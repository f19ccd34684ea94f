{#-
    A returned row is a tag and an instant with two readings of the same seq. Minutes whose
    readings all lie in different seconds cannot hold one, which spares telling fifty million keys
    apart.
-#}
with

readings as (

    select * from {{ ref('stg_historian__readings') }}

),

crowded_minutes as (

    select
        tag_id,
        date_trunc('minute', measured_at) as minute_at
    from readings
    group by tag_id, date_trunc('minute', measured_at)
    having count(*) > {{ distinct_seconds('measured_at') }}

)

select
    readings.tag_id,
    readings.measured_at,
    readings.seq
from readings
inner join crowded_minutes
    on
        readings.tag_id = crowded_minutes.tag_id
        and date_trunc('minute', readings.measured_at) = crowded_minutes.minute_at
group by readings.tag_id, readings.measured_at, readings.seq
having count(*) > 1
