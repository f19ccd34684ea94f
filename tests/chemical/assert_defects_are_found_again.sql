{#-
    A returned row is a defect of the answer key that the readings do not show as it was put in:
    as many bad, held, drifting, late, shifted or repeated readings and spikes as it affected, and
    no good one while communication was lost.
-#}
with

defects as (

    select * from {{ ref('stg_truth__defects') }}

),

-- From a quarter of an hour before: a slow clock stamps readings earlier than they were measured,
-- and a spike is seen against the reading before it.
readings as (

    select
        defects.defect_id,
        sign(defects.magnitude) as direction,
        abs(defects.magnitude) as size,
        readings.seq,
        readings.value,
        readings.quality,
        readings.value - lag(readings.value) over (
            partition by defects.defect_id
            order by readings.measured_at, readings.seq
        ) as jump,
        readings.measured_at >= defects.started_at as is_inside,
        readings.ingested_at > readings.measured_at + interval '5 minutes' as is_late,
        -- No way to the historian takes so long.
        readings.ingested_at > readings.measured_at + interval '10 seconds' as is_shifted
    from defects
    inner join {{ ref('stg_historian__readings') }} as readings
        on
            defects.org_id = readings.org_id
            and defects.tag_id = readings.tag_id
            and defects.started_at - interval '15 minutes' <= readings.measured_at
            and defects.ended_at > readings.measured_at

),

found as (

    select
        defect_id,
        count(case when is_inside then 1 end) as reading_count,
        count(case when is_inside and quality = 16 then 1 end) as sensor_failure_count,
        count(case when is_inside and quality >= 192 then 1 end) as good_count,
        count(distinct case when is_inside then value end) as value_count,
        count(case when is_inside and is_late then 1 end) as late_count,
        count(case when is_inside and jump * direction > size / 2 then 1 end) as spike_count,
        count(case when is_shifted then 1 end) as shifted_count,
        count(case when seq > 0 then 1 end) as repeated_count
    from readings
    group by defect_id

)

select
    defects.defect_id,
    defects.defect_kind
from defects
left join found
    on defects.defect_id = found.defect_id
where
    found.defect_id is null
    or not case defects.defect_kind
        when 'sensor_failure'
            then found.sensor_failure_count = defects.affected_reading_count
        when 'communication_gap'
            then
                found.reading_count = defects.affected_reading_count
                and found.good_count = 0
        when 'frozen'
            then
                found.reading_count = defects.affected_reading_count
                and found.value_count <= 1
        when 'drift'
            then found.reading_count = defects.affected_reading_count
        when 'late_file'
            then found.late_count = defects.affected_reading_count
        when 'spike'
            then found.spike_count = defects.affected_reading_count
        when 'clock_skew'
            then found.shifted_count = defects.affected_reading_count
        when 'duplicate'
            then found.repeated_count = defects.affected_reading_count
    end
