{% macro type_money() -%}
    {{ return(adapter.dispatch('type_money', 'saltworks')()) }}
{%- endmacro %}

{% macro default__type_money() -%}
    decimal(18, 2)
{%- endmacro %}

{#- PostgreSQL spells the same type numeric; contracts compare the spelling. -#}
{% macro postgres__type_money() -%}
    numeric(18, 2)
{%- endmacro %}
