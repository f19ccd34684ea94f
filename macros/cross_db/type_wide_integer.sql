{#-
    Whole numbers beyond bigint: 128 bits, or 38 digits. On DuckDB not decimal(38, 0), which it cannot multiply and casts a hundred
    times more slowly.
-#}
{% macro type_wide_integer() -%}
    {{ return(adapter.dispatch('type_wide_integer', 'saltworks')()) }}
{%- endmacro %}

{% macro default__type_wide_integer() -%}
    hugeint
{%- endmacro %}

{% macro postgres__type_wide_integer() -%}
    numeric(38, 0)
{%- endmacro %}

{% macro spark__type_wide_integer() -%}
    decimal(38, 0)
{%- endmacro %}
