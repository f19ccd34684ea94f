-- One row per quarter of an hour of six controlled tags of a unit ($unit_id) on a UTC day ($day):
-- the first loop of each unit of measure, then others by their names.
with

ranked as (

    select
        *,
        row_number() over (partition by unit_of_measure order by tag_name asc) as place
    from chemical.dim_tags
    where
        unit_id = $unit_id
        and tag_role = 'PV'
        and loop_id is not null

),

chosen as (

    select *
    from ranked
    order by place asc, tag_name asc
    limit 6

)

select
    chosen.tag_name as tag,
    chosen.tag_description as description,
    chosen.unit_of_measure,
    readings.bucket_at as moment,
    readings.average,
    readings.minimum,
    readings.maximum
from chosen
inner join chemical.fct_readings_by_quarter_hour as readings
    on chosen.tag_id = readings.tag_id
where
    readings.bucket_date = cast($day as date)
    and readings.average is not null
order by chosen.place asc, tag asc, moment asc
