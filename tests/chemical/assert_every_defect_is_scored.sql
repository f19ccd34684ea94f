{#-
    A returned row is a defect of the answer key that the scorecard does not have, or of whose days it knows none, or that is
    found before its onset, or whose days do not fit what found it.
-#}
select
    defects.defect_id,
    scored.found_by
from {{ ref('stg_truth__defects') }} as defects
left join {{ ref('fct_tag_defects') }} as scored
    on defects.defect_id = scored.defect_id
where
    scored.defect_id is null
    or scored.day_count = 0
    or scored.unhealthy_day_count > scored.day_count
    or scored.named_day_count > scored.unhealthy_day_count
    or scored.first_named_date < cast(scored.started_at as date)
    or scored.is_found <> (scored.first_named_date is not null)
    or scored.is_found <> (scored.found_by = 'own verdict')
