with

tags as (

    select * from {{ ref('dim_tags') }}

),

tag_days as (

    select
        *,
        cast(health_date as timestamp) as day_began_at,
        cast(health_date as timestamp) + interval '1 day' as day_ended_at
    from {{ ref('fct_tag_health') }}

),

defects as (

    select
        *,
        case defect_kind
            when 'sensor_failure' then 'instrument failed'
            when 'communication_gap' then 'communication lost'
            when 'frozen' then 'frozen'
            when 'drift' then 'drifted'
            when 'late_file' then 'late'
            when 'spike' then 'spikes'
            when 'clock_skew' then 'slow clock'
            when 'duplicate' then 'repeats'
        end as own_verdict
    from {{ ref('stg_truth__defects') }}

),

touched as (

    select
        defects.defect_id,
        tag_days.health_date,
        tag_days.verdict,
        tag_days.verdict <> 'healthy' as is_unhealthy,
        tag_days.verdict = defects.own_verdict as is_named,
        defects.started_at >= tag_days.day_began_at as is_onset
    from defects
    inner join tag_days
        on
            defects.tag_id = tag_days.tag_id
            and defects.started_at < tag_days.day_ended_at
            and defects.ended_at > tag_days.day_began_at

),

found as (

    select
        defect_id,
        max(case when is_onset then verdict end) as onset_verdict,
        count(*) as day_count,
        count(case when is_unhealthy then 1 end) as unhealthy_day_count,
        count(case when is_named then 1 end) as named_day_count,
        min(case when is_named then health_date end) as first_named_date
    from touched
    group by defect_id

),

final as (

    select
        defects.defect_id,
        defects.org_id,
        tags.plant_id,
        tags.unit_id,
        defects.tag_id,

        defects.defect_kind,
        defects.own_verdict,
        found.onset_verdict,
        case
            when found.named_day_count > 0 then 'own verdict'
            when found.unhealthy_day_count > 0 then 'another verdict'
            else 'none'
        end as found_by,

        defects.magnitude,
        defects.affected_reading_count,
        defects.lost_scan_count,
        coalesce(found.day_count, 0) as day_count,
        coalesce(found.unhealthy_day_count, 0) as unhealthy_day_count,
        coalesce(found.named_day_count, 0) as named_day_count,

        coalesce(found.named_day_count > 0, false) as is_found,

        found.first_named_date,

        defects.started_at,
        defects.ended_at
    from defects
    inner join tags
        on
            defects.org_id = tags.org_id
            and defects.tag_id = tags.tag_id
    left join found
        on defects.defect_id = found.defect_id

)

select * from final
