{#- In a select list: one row for each whole number from `first` to `last`, both bigints and included. -#}
{% macro each_whole_number(first, last) -%}
    {{ return(adapter.dispatch('each_whole_number', 'saltworks')(first, last)) }}
{%- endmacro %}

{% macro default__each_whole_number(first, last) -%}
    unnest(generate_series({{ first }}, {{ last }}))
{%- endmacro %}

{% macro postgres__each_whole_number(first, last) -%}
    generate_series({{ first }}, {{ last }})
{%- endmacro %}

{% macro spark__each_whole_number(first, last) -%}
    explode(sequence({{ first }}, {{ last }}))
{%- endmacro %}
