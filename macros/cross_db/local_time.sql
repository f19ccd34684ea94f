{#- What a clock of an IANA time zone shows at a UTC timestamp, as a timestamp. -#}
{% macro local_time(timestamp, time_zone) -%}
    {{ return(adapter.dispatch('local_time', 'saltworks')(timestamp, time_zone)) }}
{%- endmacro %}

{% macro default__local_time(timestamp, time_zone) -%}
    ({{ timestamp }} at time zone 'UTC' at time zone {{ time_zone }})
{%- endmacro %}

{% macro spark__local_time(timestamp, time_zone) -%}
    from_utc_timestamp({{ timestamp }}, {{ time_zone }})
{%- endmacro %}
