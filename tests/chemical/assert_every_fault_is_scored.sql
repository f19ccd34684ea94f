{#-
    A returned row is a fault of the answer key that the scorecard does not have, or that was noticed before its onset, or
    whose first sign is not the first.
-#}
select
    faults.fault_id,
    episodes.started_at,
    episodes.detected_at
from {{ ref('stg_truth__faults') }} as faults
left join {{ ref('fct_fault_episodes') }} as episodes
    on faults.fault_id = episodes.fault_id
where
    episodes.fault_id is null
    or episodes.detected_at < episodes.started_at
    or episodes.first_alarm_at < episodes.detected_at
    or episodes.first_entry_at < episodes.detected_at
    or episodes.first_work_order_at < episodes.detected_at
    or episodes.is_detected <> (episodes.detected_by <> 'none')
