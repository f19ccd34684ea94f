{#-
    The last of the minutes for which a minute with readings has rows: its own, and those without any that its last reading reaches.
    Where an increment writes single minutes, a new neighbour before it changes nothing of those.
-#}
{% macro last_minute_reached() -%}
    {%- set last_minute -%}
        greatest(reading_minute, least(
            {{ whole_quotient('last_us + hold_us - 1', 60000000) }},
            coalesce({{ whole_quotient('next_us', 60000000) }} - 1, 999999999)
        ))
    {%- endset -%}
    {%- if is_incremental() and not rewrites_whole_dates() -%}
        case when is_changed or has_changed_after then {{ last_minute }} else reading_minute end
    {%- else -%}
        {{ last_minute }}
    {%- endif -%}
{%- endmacro %}
