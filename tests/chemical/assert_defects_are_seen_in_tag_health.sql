{#-
    A returned row is a defect of the answer key for which the tag's health on that day gives no sign. Frozen values and spikes
    are left out: one of a tag without noise, or between two scans, cannot be seen.
-#}
with

defects as (

    select
        *,
        cast(started_at as date) as defect_date
    from {{ ref('stg_truth__defects') }}
    where affected_reading_count > 0

)

select
    defects.defect_id,
    defects.defect_kind,
    defects.tag_id,
    health.verdict
from defects
left join {{ ref('fct_tag_health') }} as health
    on
        defects.tag_id = health.tag_id
        and defects.defect_date = health.health_date
where
    health.tag_id is null
    or not case defects.defect_kind
        when 'sensor_failure' then health.instrument_failure_count > 0
        when 'communication_gap' then health.communication_failure_count > 0
        when 'drift' then health.inaccurate_count > 0
        when 'late_file' then health.late_count > 0
        when 'clock_skew' then health.delayed_count > 0
        when 'duplicate' then health.duplicate_count > 0
        else true
    end
