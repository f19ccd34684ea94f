{#- The double nearest to a wide integer, as every engine's own cast gives it, but DuckDB's, which rounds twice. -#}
{% macro nearest_double(number) -%}
    {{ return(adapter.dispatch('nearest_double', 'saltworks')(number)) }}
{%- endmacro %}

{% macro default__nearest_double(number) -%}
    cast({{ number }} as {{ type_double() }})
{%- endmacro %}

{#- As text is exact and slow, only where it must be. -#}
{% macro duckdb__nearest_double(number) -%}
    case
        when {{ number }} between -9223372036854775808 and 9223372036854775807
            then cast(cast({{ number }} as bigint) as double)
        else cast(cast({{ number }} as varchar) as double)
    end
{%- endmacro %}
