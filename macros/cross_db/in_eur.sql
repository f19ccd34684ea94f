{#- An amount at a rate in units per euro, rounded to the cent. DuckDB divides decimals as doubles, hence the casts. -#}
{% macro in_eur(amount, units_per_eur) -%}
    cast(round({{ amount }} / {{ units_per_eur }}, 2) as {{ type_money() }})
{%- endmacro %}
