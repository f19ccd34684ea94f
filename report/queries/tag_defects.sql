-- One row per kind of defect that was put into readings: the tag-days that it touched, those on
-- which the tag is not called healthy, and those that bear this very name; and days so called
-- without one.
with

names as (

    select
        'sensor_failure' as defect,
        'instrument failed' as verdict
    union all
    select
        'communication_gap' as defect,
        'communication lost' as verdict
    union all
    select
        'frozen' as defect,
        'frozen' as verdict
    union all
    select
        'drift' as defect,
        'drifted' as verdict
    union all
    select
        'late_file' as defect,
        'late' as verdict
    union all
    select
        'spike' as defect,
        'spikes' as verdict
    union all
    select
        'clock_skew' as defect,
        'slow clock' as verdict
    union all
    select
        'duplicate' as defect,
        'repeats' as verdict

),

touched as (

    select distinct
        defects.tag_id,
        defects.defect_kind as defect,
        health.health_date,
        health.verdict
    from staging.stg_truth__defects as defects
    inner join chemical.fct_tag_health as health
        on
            defects.tag_id = health.tag_id
            and health.health_date between cast(defects.started_at as date) and cast(
                defects.ended_at as date
            )

),

found as (

    select
        names.defect,
        names.verdict,
        count(touched.tag_id) as injected,
        count(case when touched.verdict <> 'healthy' then 1 end) as noticed,
        count(case when touched.verdict = names.verdict then 1 end) as named
    from names
    left join touched
        on names.defect = touched.defect
    group by names.defect, names.verdict

),

others as (

    select
        health.verdict,
        count(*) as without_defect
    from chemical.fct_tag_health as health
    inner join names
        on health.verdict = names.verdict
    left join touched
        on
            health.tag_id = touched.tag_id
            and health.health_date = touched.health_date
            and names.defect = touched.defect
    where touched.tag_id is null
    group by health.verdict

)

select
    replace(found.defect, '_', ' ') as defect,
    found.verdict,
    found.injected,
    found.noticed,
    found.named,
    coalesce(others.without_defect, 0) as without_defect
from found
left join others
    on found.verdict = others.verdict
order by found.injected desc, defect asc
