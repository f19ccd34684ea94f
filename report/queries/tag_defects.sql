-- One row per kind of defect that was put into readings: how many there are, how many touched a day
-- on which the tag is not called healthy, and how many one that bears their very name; and days of
-- tags that are so called without such a defect.
with

defects as (

    select
        defect_kind,
        own_verdict,
        count(*) as injected,
        count(case when found_by <> 'none' then 1 end) as noticed,
        count(case when is_found then 1 end) as named
    from chemical.fct_tag_defects
    group by defect_kind, own_verdict

),

others as (

    select
        health.verdict,
        count(*) as without_defect
    from chemical.fct_tag_health as health
    left join chemical.fct_tag_defects as defects
        on
            health.tag_id = defects.tag_id
            and health.verdict = defects.own_verdict
            and health.health_date + interval 1 day > defects.started_at
            and health.health_date < defects.ended_at
    where defects.defect_id is null
    group by health.verdict

)

select
    replace(defects.defect_kind, '_', ' ') as defect,
    defects.own_verdict as verdict,
    defects.injected,
    defects.noticed,
    defects.named,
    coalesce(others.without_defect, 0) as without_defect
from defects
left join others
    on defects.own_verdict = others.verdict
order by defects.injected desc, defect asc
