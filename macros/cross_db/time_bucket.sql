{#- Start of the bucket of `minutes` minutes (a divisor of a day) that holds a UTC timestamp. -#}
{% macro time_bucket(timestamp, minutes) -%}
    {{ return(adapter.dispatch('time_bucket', 'saltworks')(timestamp, minutes)) }}
{%- endmacro %}

{% macro default__time_bucket(timestamp, minutes) -%}
    time_bucket(interval '{{ minutes }} minutes', {{ timestamp }}, timestamp '2000-01-01 00:00:00')
{%- endmacro %}

{% macro postgres__time_bucket(timestamp, minutes) -%}
    date_bin('{{ minutes }} minutes', {{ timestamp }}, timestamp '2000-01-01 00:00:00')
{%- endmacro %}

{% macro spark__time_bucket(timestamp, minutes) -%}
    timestamp_seconds(
        unix_seconds({{ timestamp }}) - pmod(unix_seconds({{ timestamp }}), {{ minutes * 60 }})
    )
{%- endmacro %}
