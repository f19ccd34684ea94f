{#- One readable key from several columns that are never null: 'DE|standard|2020-07-01'. -#}
{% macro surrogate_key(columns) -%}
    {%- for column in columns -%}
        cast({{ column }} as {{ dbt.type_string() }}){{ " || '|' || " if not loop.last }}
    {%- endfor -%}
{%- endmacro %}
