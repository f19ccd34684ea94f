{#- Sums of whole numbers: exact, and wide enough for the squares. Every engine knows decimal(38, 0). -#}
{% macro type_exact_integer() -%}
    decimal(38, 0)
{%- endmacro %}
