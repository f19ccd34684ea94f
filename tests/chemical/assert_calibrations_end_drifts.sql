{#-
    A returned row is a drift of the answer key that no calibration ended, or a calibration for a
    drift that never was.
-#}
with

drifts as (

    select
        org_id,
        tag_id,
        ended_at
    from {{ ref('stg_truth__defects') }}
    where defect_kind = 'drift'

),

calibrations as (

    select
        org_id,
        tag_id,
        calibrated_at
    from {{ ref('stg_cmms__calibrations') }}
    where reason = 'drift'

)

select
    drifts.ended_at,
    calibrations.calibrated_at
from drifts
full outer join calibrations
    on
        drifts.org_id = calibrations.org_id
        and drifts.tag_id = calibrations.tag_id
        and drifts.ended_at = calibrations.calibrated_at
where
    drifts.tag_id is null
    or calibrations.tag_id is null
