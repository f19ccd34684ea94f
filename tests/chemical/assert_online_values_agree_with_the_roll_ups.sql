{#-
    A returned row is a sample drawn on a full minute whose online value is not the value with which the roll-up begins that
    minute, to half of the eighth of a step to which roll-ups keep values on a slope. The one comes from two readings, the other
    from segments that were cut at every minute.
-#}
select
    results.sample_id,
    results.online_value,
    minutes.start_bound
from {{ ref('fct_lab_results') }} as results
left join {{ ref('fct_readings_by_minute') }} as minutes
    on
        results.tag_id = minutes.tag_id
        and results.sampled_at = minutes.bucket_at
inner join {{ ref('stg_asset__tags') }} as tags
    on results.tag_id = tags.tag_id
where
    results.collecting_began_at is null
    and {{ microsecond_of_minute('results.sampled_at') }} = 0
    and (
        abs(results.online_value - minutes.start_bound) > 0.0626 * tags.resolution
        or (results.online_value is null) <> (minutes.start_bound is null)
    )
