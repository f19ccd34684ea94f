{% macro type_rate() -%}
    {{ return(adapter.dispatch('type_rate', 'saltworks')()) }}
{%- endmacro %}

{% macro default__type_rate() -%}
    decimal(18, 6)
{%- endmacro %}

{#- PostgreSQL spells the same type numeric; contracts compare the spelling. -#}
{% macro postgres__type_rate() -%}
    numeric(18, 6)
{%- endmacro %}
