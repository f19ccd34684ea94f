{#- Start of the local day that holds a UTC timestamp, `days` days later, as a UTC timestamp. -#}
{% macro local_day_at(timestamp, time_zone, days=0) -%}
    {{ utc_time(
        '(cast(cast(' ~ local_time(timestamp, time_zone) ~ ' as date) as timestamp) + interval \'' ~ days ~ ' days\')',
        time_zone
    ) }}
{%- endmacro %}
