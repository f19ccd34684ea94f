{#-
    Of these minutes with readings, per tag, between which of them links may be new: from the last one before the first that changed
    to the first one after the last that changed, since both neighbouring segments change. `context_` is one minute of readings
    further on either side, which is only looked at. Where whole dates are rewritten: the dates between, of all tags.
-#}
{% macro changed_reading_minutes(minutes) -%}
    {%- set written -%}
        select
            tag_id,
            min(reading_minute) as first_minute,
            max(reading_minute) as last_minute
        from {{ minutes }} as minutes
        where {{ is_new() }}
        group by tag_id
    {%- endset -%}
    {%- if rewrites_whole_dates() -%}
        {%- set widened -%}
            select
                tags.tag_id,
                min({{ whole_quotient('reached.first_minute', 1440) }}) * 1440 as first_minute,
                max({{ whole_quotient('reached.last_minute', 1440) }}) * 1440 + 1439 as last_minute
            from ({{ with_neighbours(written, minutes) }}) as reached
            cross join {{ source('asset', 'tags') }} as tags
            group by tags.tag_id
        {%- endset -%}
        {{ with_neighbours(widened, minutes, 'context_') }}
    {%- else -%}
        {{ with_neighbours(with_neighbours(written, minutes), minutes, 'context_') }}
    {%- endif -%}
{%- endmacro %}

{#- Spans of minutes per tag, and the last minute of readings before each and the first after it; itself where there is none. -#}
{% macro with_neighbours(spans, minutes, prefix='') -%}
    select
        spans.tag_id,
        {%- if prefix %}
        spans.first_minute,
        spans.last_minute,
        {%- endif %}
        coalesce(max(
            case when others.reading_minute < spans.first_minute then others.reading_minute end
        ), spans.first_minute) as {{ prefix }}first_minute,
        coalesce(min(
            case when others.reading_minute > spans.last_minute then others.reading_minute end
        ), spans.last_minute{{ ' + ' ~ whole_quotient('max(tags.max_hold_seconds)', 60) ~ ' + 1' if not prefix and rewrites_whole_dates() }}) as {{ prefix }}last_minute
    from ({{ spans }}) as spans
    inner join {{ minutes }} as others
        on spans.tag_id = others.tag_id
    {%- if not prefix and rewrites_whole_dates() %}
    inner join {{ source('asset', 'tags') }} as tags
        on spans.tag_id = tags.tag_id
    {%- endif %}
    group by spans.tag_id, spans.first_minute, spans.last_minute
{%- endmacro %}
