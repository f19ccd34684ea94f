{#- A timestamp so many microseconds (a bigint) later. -#}
{% macro add_microseconds(timestamp, microseconds) -%}
    {{ return(adapter.dispatch('add_microseconds', 'saltworks')(timestamp, microseconds)) }}
{%- endmacro %}

{% macro default__add_microseconds(timestamp, microseconds) -%}
    {{ timestamp }} + to_microseconds({{ microseconds }})
{%- endmacro %}

{% macro postgres__add_microseconds(timestamp, microseconds) -%}
    {{ timestamp }} + ({{ microseconds }}) * interval '1 microsecond'
{%- endmacro %}

{% macro spark__add_microseconds(timestamp, microseconds) -%}
    timestamp_micros(unix_micros({{ timestamp }}) + {{ microseconds }})
{%- endmacro %}
