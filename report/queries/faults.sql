-- One row per fault that was put in: what noticed it first, and how long that took.
select
    units.org_name as organization,
    units.unit_name as unit,
    replace(faults.fault_kind, '_', ' ') as fault,
    faults.started_at,
    faults.fault_seconds / 3600.0 as hours,
    case faults.detected_by when 'none' then 'nobody' else faults.detected_by end as noticed_by,
    faults.detection_delay_seconds / 60.0 as delay_minutes,
    faults.alarm_count as alarms
from chemical.fct_fault_episodes as faults
inner join chemical.dim_units as units
    on faults.unit_id = units.unit_id
order by faults.started_at asc, faults.fault_id asc
