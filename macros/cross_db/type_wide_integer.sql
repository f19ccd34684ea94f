{#-
    Whole numbers beyond bigint while they are computed with: 128 bits, or 38 digits. Stored as type_exact_integer(), which
    DuckDB does not multiply.
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
