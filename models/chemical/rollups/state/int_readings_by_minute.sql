{{ config(**rollup_config()) }}

{%- set is_looked_at = is_looked_at() %}

with

tags as (

    select * from {{ source('asset', 'tags') }}

),

looked_at as (

    select * from {{ ref('int_reading_minutes') }}
    where {{ is_looked_at }}

),

{% if is_incremental() -%}

changed as (

    {{ changed_reading_minutes('looked_at') }}

),

{% endif -%}

reading_minutes as (

    {{ minutes_to_link() }}

),

quantiles as (

    {{ bucket_quantiles(ref('int_reading_bins_by_minute'), is_looked_at, 'reading_minutes') }}

),

-- The windows come after the join, and so the rows stay in their order, by tag and time.
linked as (

    select
        reading_minutes.*,
        quantiles.p05,
        quantiles.p50,
        quantiles.p95,
        {%- if is_incremental() %}
        coalesce(lag(reading_minutes.is_changed) over by_time, false) as has_changed_before,
        coalesce(lead(reading_minutes.is_changed) over by_time, false) as has_changed_after,
        {%- endif %}
        lag(reading_minutes.last_packed) over by_time as previous_packed,
        lead(reading_minutes.first_packed) over by_time as next_packed
    from reading_minutes
    left join quantiles
        on reading_minutes.reading_bucket_key = quantiles.reading_bucket_key
    window by_time as (partition by reading_minutes.tag_id order by reading_minutes.reading_minute)

),

unpacked as (

    select
        linked.*,
        tags.is_stepped,
        cast(tags.max_hold_seconds as bigint) * 1000000 as hold_us,
        {{ packed_reading_at('previous_packed') }} as previous_us,
        {{ packed_reading_content('previous_packed') }} as previous_content,
        {{ packed_reading_at('first_packed') }} as first_us,
        {{ packed_reading_content('first_packed') }} as first_content,
        {{ packed_reading_at('last_packed') }} as last_us,
        {{ packed_reading_content('last_packed') }} as last_content,
        {{ packed_reading_at('next_packed') }} as next_us,
        {{ packed_reading_content('next_packed') }} as next_content
    from linked
    inner join tags
        on linked.tag_id = tags.tag_id
    {%- if is_incremental() and not rewrites_whole_dates() %}
    where linked.is_changed or linked.has_changed_before or linked.has_changed_after
    {%- endif %}

),

points as (

    select
        *,
        {{ packed_reading_steps('previous_content') }} as previous_steps,
        {{ packed_reading_quality('previous_content') }} as previous_quality,
        {{ packed_reading_steps('first_content') }} as first_steps,
        {{ packed_reading_steps('last_content') }} as last_steps,
        {{ packed_reading_quality('last_content') }} as last_quality,
        {{ packed_reading_steps('next_content') }} as next_steps
    from unpacked

),

-- A minute with readings, and the minutes without any after it that its last reading reaches.
alive as (

    select
        *,
        not is_stepped and previous_steps is not null and first_steps is not null
            as comes_sloped,
        not is_stepped and last_steps is not null and next_steps is not null as leaves_sloped,
        case when previous_us is not null then least(first_us, previous_us + hold_us) end
            as in_until_us,
        {{ each_whole_number('reading_minute', last_minute_reached()) }} as minute
    from points

),

-- What comes in from the reading before, to the first one; what goes out from the last one.
pieces as (

    select
        *,
        minute = reading_minute as has_readings,
        minute * 60000000 as start_us,
        (minute + 1) * 60000000 as end_us,
        case
            when minute = reading_minute and in_until_us > minute * 60000000
                then minute * 60000000
        end as in_from_us,
        case
            when minute = reading_minute and in_until_us > minute * 60000000 then in_until_us
        end as in_to_us,
        greatest(last_us, minute * 60000000) as out_from_us,
        least(next_us, (minute + 1) * 60000000, last_us + hold_us) as out_to_us
    from alive

),

valued as (

    select
        *,
        {{ signal_eighths(
            'in_from_us', 'comes_sloped', 'previous_us', 'previous_steps', 'first_us', 'first_steps'
        ) }} as in_from,
        {{ signal_eighths(
            'in_to_us', 'comes_sloped', 'previous_us', 'previous_steps', 'first_us', 'first_steps'
        ) }} as in_to,
        {{ signal_eighths(
            'out_from_us', 'leaves_sloped', 'last_us', 'last_steps', 'next_us', 'next_steps'
        ) }} as out_from,
        {{ signal_eighths(
            'out_to_us', 'leaves_sloped', 'last_us', 'last_steps', 'next_us', 'next_steps'
        ) }} as out_to,
        coalesce(in_to_us - in_from_us, 0) as in_us,
        out_to_us - out_from_us as out_us
    from pieces

),

final as (

    select
        cast(tag_id as bigint) * 1000000000 + minute as reading_bucket_key,
        tag_id,
        org_id,

        -- What a minute's own readings say; nothing in a minute without any.
        {%- for column in [
            'reading_count', 'duplicate_count', 'good_count', 'uncertain_count', 'late_count'
        ] %}
        case when has_readings then {{ column }} else 0 end as {{ column }},
        {%- endfor %}
        case when has_readings then reading_count else 0 end as child_count,
        {%- for column in [
            'worst_quality', 'value_sum', 'value_square_sum', 'first_packed', 'last_packed'
        ] %}
        case when has_readings then {{ column }} end as {{ column }},
        {%- endfor %}

        case
            when has_readings and first_us = start_us then 8 * first_steps
            when has_readings then in_from
            else out_from
        end as start_bound_eighths,
        case
            when next_us = end_us then 8 * next_steps
            when last_us + hold_us > end_us then out_to
        end as end_bound_eighths,

        cast(least(
            case when has_readings then minimum_packed end,
            {{ packed_minimum('in_from', 'in_from_us') }},
            {{ packed_minimum('in_to', 'in_to_us') }},
            {{ packed_minimum('out_from', 'out_from_us') }},
            {{ packed_minimum('out_to', 'out_to_us') }}
        ) as {{ type_wide_integer() }}) as minimum_packed,
        cast(greatest(
            case when has_readings then maximum_packed end,
            {{ packed_maximum('in_from', 'in_from_us') }},
            {{ packed_maximum('in_to', 'in_to_us') }},
            {{ packed_maximum('out_from', 'out_from_us') }},
            {{ packed_maximum('out_to', 'out_to_us') }}
        ) as {{ type_wide_integer() }}) as maximum_packed,

        cast(
            case when has_readings then double_area else 0 end
            + coalesce(cast(in_from + in_to as {{ type_wide_integer() }}) * in_us, 0)
            + coalesce(cast(out_from + out_to as {{ type_wide_integer() }}) * out_us, 0)
            as {{ type_wide_integer() }}
        ) as double_area,
        cast(
            case when has_readings then triple_square_area else 0 end
            + coalesce({{ square_sum('in_from', 'in_to') }} * in_us, 0)
            + coalesce({{ square_sum('out_from', 'out_to') }} * out_us, 0)
            as {{ type_wide_integer() }}
        ) as triple_square_area,
        case when has_readings then duration_good_us else 0 end
        + case when previous_steps is not null and previous_quality >= 192 then in_us else 0 end
        + case when last_steps is not null and last_quality >= 192 then out_us else 0 end
            as duration_good_us,
        case when has_readings then duration_uncertain_us else 0 end
        + case when previous_steps is not null and previous_quality < 192 then in_us else 0 end
        + case when last_steps is not null and last_quality < 192 then out_us else 0 end
            as duration_uncertain_us,
        case when has_readings then duration_bad_us else 0 end
        + case when previous_steps is null then in_us else 0 end
        + case when last_steps is null then out_us else 0 end
            as duration_bad_us,
        case when has_readings then duration_zero_us else 0 end
        + case when in_from = 0 and in_to = 0 then in_us else 0 end
        + case when out_from = 0 and out_to = 0 then out_us else 0 end
            as duration_zero_us,
        case when has_readings then transition_count else 0 end
        + case
            when has_readings and (previous_steps = 0) <> (first_steps = 0) then 1
            else 0
        end as transition_count,
        case when has_readings then increase_steps else 0 end
        + case
            when has_readings and first_steps > previous_steps then first_steps - previous_steps
            else 0
        end as increase_steps,
        case when has_readings then decrease_count else 0 end
        + case when has_readings and first_steps < previous_steps then 1 else 0 end
            as decrease_count,
        cast(
            (select max(minutes.revision) from {{ ref('int_reading_minutes') }} as minutes) as int
        ) as revision,

        {{ minute_at('minute') }} as bucket_at,
        {{ minute_at('minute + 1') }} as bucket_end_at,
        case when has_readings then last_ingested_at end as last_ingested_at,
        {%- for column in ['p05', 'p50', 'p95'] %}
        case when has_readings then {{ column }} end as {{ column }},
        {%- endfor %}
        cast({{ minute_at('minute') }} as date) as bucket_date
    from valued
    {%- if is_incremental() and rewrites_whole_dates() %}
    where minute between first_minute and last_minute
    {%- endif %}

)

select * from final
