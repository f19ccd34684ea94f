{#- Microseconds since the last full minute of a UTC timestamp: 0 to 59,999,999, as a bigint. -#}
{% macro microsecond_of_minute(timestamp) -%}
    {{ return(adapter.dispatch('microsecond_of_minute', 'saltworks')(timestamp)) }}
{%- endmacro %}

{% macro default__microsecond_of_minute(timestamp) -%}
    cast(extract(microseconds from {{ timestamp }}) as bigint)
{%- endmacro %}

{% macro spark__microsecond_of_minute(timestamp) -%}
    pmod(unix_micros({{ timestamp }}), 60000000L)
{%- endmacro %}
