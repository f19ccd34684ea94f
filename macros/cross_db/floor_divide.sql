{#- The greatest whole number not above dividend / divisor, for bigints and a positive divisor: exact beyond 2^53. -#}
{% macro floor_divide(dividend, divisor) -%}
    {{ return(adapter.dispatch('floor_divide', 'saltworks')(dividend, divisor)) }}
{%- endmacro %}

{% macro default__floor_divide(dividend, divisor) -%}
    (({{ dividend }} - mod(mod({{ dividend }}, {{ divisor }}) + {{ divisor }}, {{ divisor }})) // {{ divisor }})
{%- endmacro %}

{% macro postgres__floor_divide(dividend, divisor) -%}
    (({{ dividend }} - mod(mod({{ dividend }}, {{ divisor }}) + {{ divisor }}, {{ divisor }})) / {{ divisor }})
{%- endmacro %}

{% macro spark__floor_divide(dividend, divisor) -%}
    (({{ dividend }} - pmod({{ dividend }}, {{ divisor }})) div {{ divisor }})
{%- endmacro %}
