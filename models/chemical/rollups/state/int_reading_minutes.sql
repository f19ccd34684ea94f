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

-- A segment leads from the reading before to this one, where both are in this minute.
linked as (

    select
        *,
        cast(tag_id as bigint) * 1000000000 + {{ whole_quotient('at_us', 60000000) }}
            as reading_bucket_key,
        coalesce(previous_us >= {{ whole_quotient('at_us', 60000000) }} * 60000000, false) as is_linked,
        not is_stepped and steps is not null and previous_steps is not null as is_sloped
    from readings

),

segments as (

    select
        *,
        case when is_linked then least(at_us - previous_us, hold_us) else 0 end as segment_us,
        is_linked and is_sloped and at_us - previous_us > hold_us as is_cut,
        case when is_sloped then steps else previous_steps end as next_steps,
        case when is_linked then steps - previous_steps end as rise
    from linked

),

-- Almost all segments are small enough for bigints, which DuckDB multiplies faster: 3 × 2^34 steps² × 2^26 µs.
ended as (

    select
        *,
        not is_cut and abs(previous_steps) < 131072 and abs(next_steps) < 131072 as is_small,
        case
            when is_cut
                then {{ signal_eighths(
                    'previous_us + hold_us', 'is_sloped', 'previous_us', 'previous_steps', 'at_us', 'steps'
                ) }}
            else 8 * next_steps
        end as end_eighths
    from segments

),

minutes as (

    select
        reading_bucket_key,

        count(*) as reading_count,
        count(case when is_superseded then 1 end) as duplicate_count,
        count(steps) as value_count,
        count(case when quality < 192 then steps end) as uncertain_count,
        count(case when is_late then 1 end) as late_count,
        count(case when is_linked then 1 end) as link_count,
        min(quality) as worst_quality,

        cast(sum(steps) as {{ type_wide_integer() }}) as value_sum,
        cast(sum(
            case
                when abs(steps) < 131072 then steps * steps
                else cast(steps as {{ type_wide_integer() }}) * steps
            end
        ) as {{ type_wide_integer() }}) as value_square_sum,
        min({{ packed_minimum('8 * steps', 'at_us') }}) as minimum_packed,
        max({{ packed_maximum('8 * steps', 'at_us') }}) as maximum_packed,
        min(case when not is_linked then {{ packed_reading('at_us', 'steps', 'quality') }} end)
            as first_packed,
        max({{ packed_reading('at_us', 'steps', 'quality') }}) as last_packed,

        cast(coalesce(sum(
            case
                when is_small then 8 * (previous_steps + next_steps) * segment_us
                else cast(8 * previous_steps + end_eighths as {{ type_wide_integer() }}) * segment_us
            end
        ), 0) as {{ type_wide_integer() }}) as double_area,
        64 * coalesce(sum(
            case
                when is_small
                    then (previous_steps * (previous_steps + next_steps) + next_steps * next_steps) * segment_us
            end
        ), 0) as small_triple_square_area,
        coalesce(sum(
            case
                when not is_small
                    then {{ square_sum('8 * previous_steps', 'end_eighths') }} * segment_us
            end
        ), 0) as large_triple_square_area,
        -- Two durations in one sum: either is at most a minute.
        cast(sum(
            segment_us * case when previous_steps = 0 and end_eighths = 0 then 4294967297 else 1 end
        ) as {{ type_wide_integer() }}) as duration_and_zero_us,
        cast(sum(
            segment_us * case
                when previous_steps is null then 4294967296
                when previous_quality < 192 then 1
                else 0
            end
        ) as {{ type_wide_integer() }}) as uncertain_and_bad_us,
        count(case when is_linked and (steps = 0) <> (previous_steps = 0) then 1 end)
            as transition_count,
        cast(coalesce(sum(case when rise > 0 then rise end), 0) as bigint) as increase_steps,
        count(case when rise < 0 then 1 end) as decrease_count,

        max(ingested_at) as last_ingested_at
    from ended
    group by reading_bucket_key

),

unpacked as (

    select
        *,
        {{ whole_quotient('reading_bucket_key', 1000000000) }} as tag_key,
        mod(reading_bucket_key, 1000000000) as reading_minute,
        {{ low_bits('duration_and_zero_us', 32) }} as duration_us,
        {{ high_bits('duration_and_zero_us', 32) }} as duration_zero_us,
        {{ low_bits('uncertain_and_bad_us', 32) }} as duration_uncertain_us,
        {{ high_bits('uncertain_and_bad_us', 32) }} as duration_bad_us
    from minutes

),

final as (

    select
        minutes.reading_bucket_key,
        tags.tag_id,
        tags.org_id,

        minutes.reading_count,
        minutes.duplicate_count,
        minutes.value_count - minutes.uncertain_count as good_count,
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
        cast(minutes.small_triple_square_area + minutes.large_triple_square_area as {{ type_wide_integer() }})
            as triple_square_area,
        minutes.duration_us - minutes.duration_uncertain_us - minutes.duration_bad_us
            as duration_good_us,
        minutes.duration_uncertain_us,
        minutes.duration_bad_us,
        minutes.duration_zero_us,
        minutes.transition_count,
        minutes.increase_steps,
        minutes.decrease_count,
        cast({{ next_revision() }} as int) as revision,

        minutes.reading_minute,

        minutes.last_ingested_at,

        cast({{ minute_at('minutes.reading_minute') }} as date) as bucket_date
    from unpacked as minutes
    inner join tags
        on minutes.tag_key = tags.tag_id

)

select * from final
