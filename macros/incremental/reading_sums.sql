{#-
    What each minute's own readings of these dates and the segments between them add up to: one row per tag and minute with
    readings. An increment that does not rewrite whole dates adds up those that its CTE `touched` names.
-#}
{% macro reading_sums(dates) -%}
    {{ return(adapter.dispatch('reading_sums', 'saltworks')(dates)) }}
{%- endmacro %}

{% macro default__reading_sums(dates) -%}
    {{ sums_in_order(readings_in_order(measured_readings(readings_of(dates)))) }}
{%- endmacro %}

{#- Sorting costs DuckDB more than all else, and files are sorted already, but for some tags and days. -#}
{% macro duckdb__reading_sums(dates) -%}
    with

    tangled as materialized (

        {{ tangled_tag_days(dates) }}

    )

    {{ sums_in_file_order(dates) }}

    union all by name

    {{ sums_in_order(readings_of_tag_days_in_order(dates, 'tangled')) }}
{%- endmacro %}


{#- The sums from SQL of readings_in_order(), whatever they are. -#}
{% macro sums_in_order(readings) -%}
    select
        tag_id,
        minute,

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

        max(ingested_at) as last_ingested_at
    from (
        select
            *,
            case when segment_us is not null then previous_steps end as start_steps,
            {{ signal_eighths(
                'previous_us + segment_us', 'is_sloped', 'previous_us', 'previous_steps', 'at_us', 'steps'
            ) }} as end_eighths
        from (
            -- A segment leads from the reading before to this one, where both are in this minute.
            select
                *,
                case
                    when not is_superseded and previous_us >= minute * 60000000
                        then least(at_us - previous_us, hold_us)
                end as segment_us,
                not is_stepped and counted_steps is not null and previous_steps is not null as is_sloped
            from (
                -- What counts: a superseded reading is only there to be counted as such.
                select
                    *,
                    {{ whole_quotient('at_us', 60000000) }} as minute,
                    case when not is_superseded then at_us end as counted_us,
                    case when not is_superseded then steps end as counted_steps,
                    case when not is_superseded then quality end as counted_quality
                from ({{ readings }}) as readings
            ) as counted
        ) as segments
    ) as ended
    group by tag_id, minute
{%- endmacro %}


{#-
    DuckDB: the same sums of all readings but those of its CTE `tangled`, in the order of the files. The row before is taken before
    any join, since joins may put rows in another order. Whole numbers of 64 bits only, which DuckDB adds up several times as fast
    as those of 128: instants count from the minute's beginning (26 bits), values from -131072 steps (18 bits, 0 without a value),
    qualities have 8 bits, and up to three counts share one sum (21 bits each).
-#}
{% macro sums_in_file_order(dates) -%}
    select
        tag_id,
        minute,

        reading_count,
        0 as duplicate_count,
        {{ part_of('value_counts', 0) }} - {{ part_of('value_counts', 1) }} as good_count,
        {{ part_of('value_counts', 1) }} as uncertain_count,
        {{ part_of('value_counts', 2) }} as late_count,
        {{ part_of('link_counts', 0) }} as link_count,
        worst_quality,

        value_sum,
        value_square_sum,
        {{ packed_minimum('8 * ((least_value >> 26) - 131072)', 'start_us + (least_value & 67108863)') }}
            as minimum_packed,
        {{ packed_maximum(
            '8 * ((greatest_value >> 26) - 131072)', '(start_us + 67108863 - (greatest_value & 67108863))'
        ) }} as maximum_packed,
        {%- for end in ['first', 'last'] %}
        {{ packed_reading(
            'start_us + (' ~ end ~ '_reading >> 26)',
            'nullif((' ~ end ~ '_reading >> 8) & 262143, 0) - 131072',
            '(' ~ end ~ '_reading & 255)'
        ) }} as {{ end }}_packed,
        {%- endfor %}

        8 * coalesce(area, 0) as double_area,
        64 * coalesce(square_area, 0) as triple_square_area,
        -- Without duplicates, and holding for a minute, the segments fill the time between the first and the last reading.
        (last_reading >> 26) - (first_reading >> 26) as duration_us,
        cast(duration_uncertain_us as bigint) as duration_uncertain_us,
        cast(duration_bad_us as bigint) as duration_bad_us,
        cast(duration_zero_us as bigint) as duration_zero_us,
        {{ part_of('link_counts', 1) }} as transition_count,
        cast(increase_steps as bigint) as increase_steps,
        {{ part_of('link_counts', 2) }} as decrease_count,

        last_ingested_at
    from (
        select
            *,
            cast(reading_bucket_key // 1000000000 as int) as tag_id,
            reading_bucket_key % 1000000000 as minute,
            reading_bucket_key % 1000000000 * 60000000 as start_us
        from (
            select
                reading_bucket_key,
                count(*) as reading_count,
                sum({{ parts('steps is not null', 'is_uncertain', 'is_late') }}) as value_counts,
                sum({{ parts(
                    'is_linked',
                    'is_linked and (steps = 0) <> (previous_steps = 0)',
                    'is_linked and steps < previous_steps'
                ) }}) as link_counts,
                min(quality) as worst_quality,

                sum(steps) as value_sum,
                sum(steps * steps) as value_square_sum,
                min((steps + 131072) * 67108864 + offset_us) as least_value,
                max((steps + 131072) * 67108864 + 67108863 - offset_us) as greatest_value,
                min(reading) as first_reading,
                max(reading) as last_reading,

                sum((previous_steps + end_steps) * segment_us) as area,
                sum((previous_steps * (previous_steps + end_steps) + end_steps * end_steps) * segment_us)
                    as square_area,
                sum(case when previous_quality < 192 and previous_steps is not null then segment_us else 0 end)
                    as duration_uncertain_us,
                sum(case when previous_steps is null then segment_us else 0 end) as duration_bad_us,
                sum(case when previous_steps = 0 and end_steps = 0 then segment_us else 0 end)
                    as duration_zero_us,
                sum(case when steps > previous_steps then steps - previous_steps else 0 end) as increase_steps,

                max(ingested_at) as last_ingested_at
            from (
                -- A segment leads from the row before to this one, where both are in this minute.
                select
                    *,
                    case when is_linked then offset_us - previous_offset_us else 0 end as segment_us,
                    case when is_stepped or steps is null then previous_steps else steps end as end_steps,
                    steps is not null and quality < 192 as is_uncertain,
                    (offset_us * 262144 + coalesce(steps + 131072, 0)) * 256 + quality as reading
                from (
                    select
                        tag_id * 1000000000::bigint + at_us // 60000000 as reading_bucket_key,
                        at_us - at_us // 60000000 * 60000000 as offset_us,
                        followed_us - at_us // 60000000 * 60000000 as previous_offset_us,
                        coalesce(followed_us >= at_us // 60000000 * 60000000, false) as is_linked,
                        steps,
                        case
                            when
                                followed_us >= at_us // 60000000 * 60000000
                                and {{ has_value('followed_quality') }}
                                then {{ steps_of('followed_value', 'resolution') }}
                        end as previous_steps,
                        quality,
                        followed_quality as previous_quality,
                        is_stepped,
                        is_late,
                        ingested_at
                    from (
                        select
                            *,
                            case
                                when followed_tag_id = tag_id and epoch_us(followed_at) < at_us
                                    then epoch_us(followed_at)
                            end as followed_us
                        from (
                            {{ measured_readings(
                                'select *, lag(tag_id) over () as followed_tag_id, lag(measured_at) over () as followed_at, '
                                ~ 'lag(value) over () as followed_value, lag(quality) over () as followed_quality '
                                ~ 'from ' ~ source('historian', 'readings') ~ ' where ' ~ dates,
                                ['tags.resolution', 'readings.followed_tag_id', 'readings.followed_at',
                                'readings.followed_value', 'readings.followed_quality']
                            ) }}
                        )
                        anti join tangled using (tag_id, measured_date)
                    )
                )
            )
            group by reading_bucket_key
        )
    )
{%- endmacro %}


{#- Up to three conditions as one number, so that one sum counts each: 21 bits for each. -#}
{% macro parts() -%}
    {%- for condition in varargs -%}
        {{ ' + ' if not loop.first }}case when {{ condition }} then {{ 2 ** (21 * loop.index0) }} else 0 end
    {%- endfor -%}
{%- endmacro %}

{#- One of the counts that a sum of parts() holds. -#}
{% macro part_of(total, number) -%}
    cast(({{ total }} >> {{ 21 * number }}) & 2097151 as bigint)
{%- endmacro %}
