{#-
    A returned row is a defect of the answer key that the readings do not show as it was put in:
    as many bad, drifting, frozen or late readings as it affected, and after the last usable
    values none while communication was lost.
-#}
with

defects as (

    select * from {{ ref('stg_truth__defects') }}

),

found as (

    select
        defects.defect_id,
        count(readings.tag_id) as reading_count,
        count(case when readings.quality = 16 then 1 end) as sensor_failure_count,
        count(case when readings.quality >= 192 then 1 end) as good_count,
        count(
            case when readings.ingested_at > readings.measured_at + interval '5 minutes' then 1 end
        ) as late_count,
        count(distinct readings.value) as value_count
    from defects
    left join {{ ref('stg_historian__readings') }} as readings
        on
            defects.org_id = readings.org_id
            and defects.tag_id = readings.tag_id
            and defects.started_at <= readings.measured_at
            and defects.ended_at > readings.measured_at
    group by defects.defect_id

)

select
    defects.defect_id,
    defects.defect_kind
from defects
inner join found
    on defects.defect_id = found.defect_id
where
    not case defects.defect_kind
        when 'sensor_failure'
            then found.sensor_failure_count = defects.affected_reading_count
        when 'communication_gap'
            then
                found.reading_count <= defects.affected_reading_count
                and found.good_count = 0
        when 'frozen'
            then
                found.reading_count = defects.affected_reading_count
                and found.value_count <= 1
        when 'drift'
            then found.reading_count = defects.affected_reading_count
        when 'late_file'
            then found.late_count = defects.affected_reading_count
    end
