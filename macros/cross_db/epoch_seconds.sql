{#- Whole seconds since 1970 of a UTC timestamp, as a bigint. -#}
{% macro epoch_seconds(timestamp) -%}
    {{ return(adapter.dispatch('epoch_seconds', 'saltworks')(timestamp)) }}
{%- endmacro %}

{% macro default__epoch_seconds(timestamp) -%}
    cast(floor(extract(epoch from {{ timestamp }})) as bigint)
{%- endmacro %}

{% macro spark__epoch_seconds(timestamp) -%}
    unix_seconds({{ timestamp }})
{%- endmacro %}
