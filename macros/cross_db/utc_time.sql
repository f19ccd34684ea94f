{#- The UTC timestamp at which a clock of an IANA time zone shows a timestamp: the inverse of local_time(). -#}
{% macro utc_time(timestamp, time_zone) -%}
    {{ return(adapter.dispatch('utc_time', 'saltworks')(timestamp, time_zone)) }}
{%- endmacro %}

{% macro default__utc_time(timestamp, time_zone) -%}
    ({{ timestamp }} at time zone {{ time_zone }} at time zone 'UTC')
{%- endmacro %}

{% macro spark__utc_time(timestamp, time_zone) -%}
    to_utc_timestamp({{ timestamp }}, {{ time_zone }})
{%- endmacro %}
