with

days as (

    select * from {{ ref('fct_readings_by_day') }}

),

tags as (

    select * from {{ ref('stg_asset__tags') }}

),

exceptions as (

    select * from {{ ref('int_tag_days__exceptions') }}

),

flat_lines as (

    select * from {{ ref('int_tag_days__flat_lines') }}

),

spikes as (

    select * from {{ ref('int_tag_days__spikes') }}

),

calibrations as (

    select * from {{ ref('stg_cmms__calibrations') }}

),

org_days as (

    select distinct
        org_id,
        bucket_date
    from days
    where reading_count > 0

),

-- A tag that brought nothing all day is the one to hear of.
tag_days as (

    select
        tags.*,
        org_days.bucket_date,
        cast(org_days.bucket_date as timestamp) + interval '1 day' as day_ended_at,
        tags.range_high - tags.range_low as span,
        {{ reading_bucket_key('tags.tag_id', 'cast(org_days.bucket_date as timestamp)') }}
            as tag_day_key
    from tags
    inner join org_days
        on tags.org_id = org_days.org_id

),

neighbouring_calibrations as (

    select
        *,
        as_found_error - lag(as_left_error) over (
            partition by tag_id
            order by calibrated_at, calibration_id
        ) as drift,
        lead(calibrated_at) over (
            partition by tag_id
            order by calibrated_at, calibration_id
        ) as next_calibrated_at
    from calibrations

),

measured as (

    select
        tag_days.tag_day_key,
        tag_days.tag_id,
        tag_days.org_id,
        tag_days.unit_id,

        coalesce(days.reading_count, 0) as reading_count,
        case
            when tag_days.exception_deviation is null
                then {{ floor_divide('86400000', 'cast(tag_days.scan_interval_ms as bigint)') }}
        end as scan_count,
        coalesce(days.good_count, 0) as good_count,
        coalesce(days.uncertain_count, 0) as uncertain_count,
        coalesce(days.bad_count, 0) as bad_count,
        coalesce(days.late_count, 0) as late_count,
        coalesce(exceptions.delayed_count, 0) as delayed_count,
        coalesce(days.duplicate_count, 0) as duplicate_count,
        coalesce(exceptions.instrument_failure_count, 0) as instrument_failure_count,
        coalesce(exceptions.communication_failure_count, 0) as communication_failure_count,
        coalesce(exceptions.inaccurate_count, 0) as inaccurate_count,
        coalesce(exceptions.limited_count, 0) as limited_count,
        coalesce(spikes.spike_minute_count, 0) as spike_minute_count,
        coalesce(flat_lines.longest_flat_seconds, 0) as longest_flat_seconds,
        coalesce(days.duration_no_data_seconds, 86400) as gap_seconds,
        coalesce(days.duration_good_seconds, 0) / 864 as percent_good,
        coalesce(days.duration_uncertain_seconds, 0) / 864 as percent_uncertain,
        coalesce(days.duration_bad_seconds, 0) / 864 as percent_bad,
        tag_days.max_hold_seconds,
        coalesce(tag_days.compression_max_seconds, 0) as compression_max_seconds,

        neighbouring_calibrations.as_found_error,
        neighbouring_calibrations.as_left_error,
        100 * neighbouring_calibrations.as_found_error / tag_days.span as found_error_percent,
        100 * neighbouring_calibrations.drift / tag_days.span as drift_percent,
        {{ floor_divide(
            epoch_seconds('tag_days.day_ended_at')
            ~ ' - ' ~ epoch_seconds('neighbouring_calibrations.calibrated_at'),
            86400
        ) }} as days_since_calibration,
        neighbouring_calibrations.calibrated_at,

        tag_days.bucket_date as health_date
    from tag_days
    left join days
        on
            tag_days.tag_id = days.tag_id
            and tag_days.bucket_date = days.bucket_date
    left join exceptions
        on tag_days.tag_day_key = exceptions.tag_day_key
    left join flat_lines
        on tag_days.tag_day_key = flat_lines.tag_day_key
    left join spikes
        on tag_days.tag_day_key = spikes.tag_day_key
    left join neighbouring_calibrations
        on
            tag_days.tag_id = neighbouring_calibrations.tag_id
            and tag_days.day_ended_at > neighbouring_calibrations.calibrated_at
            and (
                tag_days.day_ended_at <= neighbouring_calibrations.next_calibrated_at
                or neighbouring_calibrations.next_calibrated_at is null
            )

),

final as (

    select
        tag_day_key,
        tag_id,
        org_id,
        unit_id,

        case
            when reading_count = 0 then 'silent'
            when instrument_failure_count > 0 then 'instrument failed'
            -- Where a slow clock jumps, the stamps leave a gap too.
            when
                communication_failure_count > 0
                or (gap_seconds > max_hold_seconds and delayed_count = 0)
                then 'communication lost'
            -- Three equal readings in a row, where a steady value is thinned out.
            when longest_flat_seconds >= greatest(1800, 2 * compression_max_seconds) then 'frozen'
            when
                inaccurate_count > 0
                or (days_since_calibration = 0 and abs(found_error_percent) > 1)
                then 'drifted'
            when spike_minute_count >= 3 then 'spikes'
            when limited_count > 0.01 * reading_count then 'out of range'
            when late_count > 0 then 'late'
            when delayed_count > 0 then 'slow clock'
            when duplicate_count > 0 then 'repeats'
            when days_since_calibration > 365 then 'calibration overdue'
            else 'healthy'
        end as verdict,

        reading_count,
        scan_count,
        good_count,
        uncertain_count,
        bad_count,
        late_count,
        delayed_count,
        duplicate_count,
        instrument_failure_count,
        communication_failure_count,
        inaccurate_count,
        limited_count,
        spike_minute_count,
        longest_flat_seconds,
        {%- for column in [
            'gap_seconds', 'percent_good', 'percent_uncertain', 'percent_bad',
            'found_error_percent', 'drift_percent',
        ] %}
        cast({{ as_rate(column) }} as {{ type_double() }}) as {{ column }},
        {%- endfor %}
        as_found_error,
        as_left_error,
        days_since_calibration,

        health_date,

        calibrated_at
    from measured

)

select * from final
