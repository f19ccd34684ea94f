{{ config(**rollup_config()) }}

with

tags as (

    select * from {{ ref('stg_asset__tags') }}

),

{% if is_incremental() -%}

touched as (

    {{ touched_minutes() }}

),

{% endif -%}

readings as (

    {{ readings_in_order() }}

),

-- What counts: a superseded reading is only there to be counted as such.
counted as (

    select
        *,
        {{ whole_quotient('at_us', 60000000) }} as minute,
        case when not is_superseded then at_us end as counted_us,
        case when not is_superseded then steps end as counted_steps,
        case when not is_superseded then quality end as counted_quality
    from readings

),

-- A segment leads from the reading before to this one, where both are in this minute.
segments as (

    select
        *,
        case
            when not is_superseded and previous_us >= minute * 60000000
                then least(at_us - previous_us, hold_us)
        end as segment_us,
        not is_stepped and counted_steps is not null and previous_steps is not null as is_sloped
    from counted

),

ended as (

    select
        *,
        case when segment_us is not null then previous_steps end as start_steps,
        {{ signal_eighths(
            'previous_us + segment_us', 'is_sloped', 'previous_us', 'previous_steps', 'at_us', 'steps'
        ) }} as end_eighths
    from segments

),

minutes as (

    select
        tag_id,

        count(*) as reading_count,
        count(*) - count(counted_us) as duplicate_count,
        count(case when counted_quality >= 192 then counted_steps end) as good_count,
        count(case when counted_quality < 192 then counted_steps end) as uncertain_count,
        count(case when is_late then 1 end) as late_count,
        count(segment_us) as link_count,
        min(counted_quality) as worst_quality,

        cast(sum(counted_steps) as {{ type_wide_integer() }}) as value_sum,
        cast(
            sum(cast(counted_steps as {{ type_wide_integer() }}) * counted_steps)
            as {{ type_wide_integer() }}
        ) as value_square_sum,
        min({{ packed_minimum('8 * counted_steps', 'at_us') }}) as minimum_packed,
        max({{ packed_maximum('8 * counted_steps', 'at_us') }}) as maximum_packed,
        min({{ packed_reading('counted_us', 'steps', 'quality') }}) as first_packed,
        max({{ packed_reading('counted_us', 'steps', 'quality') }}) as last_packed,

        cast(coalesce(
            sum(cast(8 * start_steps + end_eighths as {{ type_wide_integer() }}) * segment_us), 0
        ) as {{ type_wide_integer() }}) as double_area,
        cast(coalesce(
            sum({{ square_sum('8 * start_steps', 'end_eighths') }} * segment_us), 0
        ) as {{ type_wide_integer() }}) as triple_square_area,
        cast(coalesce(sum(segment_us), 0) as bigint) as duration_us,
        cast(coalesce(
            sum(case when previous_quality < 192 and start_steps is not null then segment_us end), 0
        ) as bigint) as duration_uncertain_us,
        cast(coalesce(sum(case when start_steps is null then segment_us end), 0) as bigint)
            as duration_bad_us,
        cast(coalesce(
            sum(case when start_steps = 0 and end_eighths = 0 then segment_us end), 0
        ) as bigint) as duration_zero_us,
        count(case when (counted_steps = 0) <> (start_steps = 0) then 1 end) as transition_count,
        cast(coalesce(
            sum(case when counted_steps > start_steps then counted_steps - start_steps end), 0
        ) as bigint) as increase_steps,
        count(case when counted_steps < start_steps then 1 end) as decrease_count,

        minute,
        max(ingested_at) as last_ingested_at
    from ended
    group by tag_id, minute

),

final as (

    select
        cast(minutes.tag_id as bigint) * 1000000000 + minutes.minute as reading_bucket_key,
        minutes.tag_id,
        tags.org_id,

        minutes.reading_count,
        minutes.duplicate_count,
        minutes.good_count,
        minutes.uncertain_count,
        minutes.late_count,
        minutes.link_count,
        minutes.worst_quality,

        minutes.value_sum,
        minutes.value_square_sum,
        minutes.minimum_packed,
        minutes.maximum_packed,
        minutes.first_packed,
        minutes.last_packed,

        minutes.double_area,
        minutes.triple_square_area,
        minutes.duration_us - minutes.duration_uncertain_us - minutes.duration_bad_us
            as duration_good_us,
        minutes.duration_uncertain_us,
        minutes.duration_bad_us,
        minutes.duration_zero_us,
        minutes.transition_count,
        minutes.increase_steps,
        minutes.decrease_count,
        cast({{ next_revision() }} as int) as revision,

        minutes.minute as reading_minute,

        minutes.last_ingested_at,

        cast({{ minute_at('minutes.minute') }} as date) as bucket_date
    from minutes
    inner join tags
        on minutes.tag_id = tags.tag_id

)

select * from final
