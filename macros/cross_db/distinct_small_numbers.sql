{#- Aggregate: how many different numbers there are, all of which are whole ones from 0 to 62. -#}
{% macro distinct_small_numbers(number) -%}
    {{ return(adapter.dispatch('distinct_small_numbers', 'saltworks')(number)) }}
{%- endmacro %}

{% macro default__distinct_small_numbers(number) -%}
    bit_count(bit_or(cast(1 as bigint) << cast({{ number }} as int)))
{%- endmacro %}

{% macro postgres__distinct_small_numbers(number) -%}
    bit_count(cast(bit_or(cast(1 as bigint) << cast({{ number }} as int)) as bit(64)))
{%- endmacro %}

{% macro spark__distinct_small_numbers(number) -%}
    bit_count(bit_or(shiftleft(1L, cast({{ number }} as int))))
{%- endmacro %}
