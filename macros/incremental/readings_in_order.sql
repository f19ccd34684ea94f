{#-
    Readings in whole steps and microseconds, each with the one before it of the same tag. Of several readings of one instant
    the one that arrived last counts; the others are superseded. `measured` is SQL of measured_readings().
-#}
{% macro readings_in_order(measured) -%}
    select
        *,
        lag(at_us) over counted as previous_us,
        lag(steps) over counted as previous_steps,
        lag(quality) over counted as previous_quality
    from (
        select
            *,
            coalesce(
                lead(at_us) over (
                    partition by tag_id
                    order by at_us, ingested_at, seq, quality, steps
                ) = at_us,
                false
            ) as is_superseded
        from ({{ measured }}) as measured
    ) as ranked
    window counted as (partition by tag_id, is_superseded order by at_us)
{%- endmacro %}


{#-
    These readings, SQL of rows of the source, in whole steps and microseconds; an increment that does not rewrite whole dates reads those
    of the minutes that its CTE `touched` names. `further` columns are carried along.
-#}
{% macro measured_readings(readings, further=[]) -%}
    select
        readings.tag_id,
        readings.seq,
        readings.quality,
        tags.is_stepped,
        cast(tags.max_hold_seconds as bigint) * 1000000 as hold_us,
        case
            when {{ has_value('readings.quality') }}
                then {{ steps_of('readings.value', 'tags.resolution') }}
        end as steps,
        {{ epoch_microseconds('readings.measured_at') }} as at_us,
        readings.ingested_at > readings.measured_at + interval '5 minutes' as is_late,
        readings.ingested_at,
        {%- for column in further %}
        {{ column }},
        {%- endfor %}
        cast(readings.measured_at as date) as measured_date
    from ({{ readings }}) as readings
    -- Not on org_id too, which costs four times as much: the foreign key keeps tenants apart.
    inner join {{ source('asset', 'tags') }} as tags
        on readings.tag_id = tags.tag_id
    {%- if is_incremental() and not rewrites_whole_dates() %}
    inner join touched
        on {{ reading_bucket_key('readings.tag_id', 'readings.measured_at') }} = touched.reading_bucket_key
    {%- endif %}
{%- endmacro %}


{#- Whether a quality is one of a value: good or uncertain. -#}
{% macro has_value(quality) -%}
    ({{ quality }} >= 192 or {{ quality }} between 64 and 127)
{%- endmacro %}
