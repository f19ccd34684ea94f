{#- Aggregate: in how many different seconds of their minute the timestamps lie. -#}
{% macro distinct_seconds(timestamp) -%}
    {{ return(adapter.dispatch('distinct_seconds', 'saltworks')(
        floor_divide(microsecond_of_minute(timestamp), 1000000)
    )) }}
{%- endmacro %}

{% macro default__distinct_seconds(second) -%}
    bit_count(bit_or(cast(1 as bigint) << {{ second }}))
{%- endmacro %}

{% macro postgres__distinct_seconds(second) -%}
    bit_count(cast(bit_or(cast(1 as bigint) << cast({{ second }} as int)) as bit(64)))
{%- endmacro %}

{% macro spark__distinct_seconds(second) -%}
    bit_count(bit_or(shiftleft(1L, cast({{ second }} as int))))
{%- endmacro %}
