{#-
    A ratio as a rate of six decimals. Engines divide decimals as doubles or as decimals, and cast a half up or down: rounded to
    nine decimals first, a half is a half everywhere.
-#}
{% macro as_rate(ratio) -%}
    cast(round(cast({{ ratio }} as decimal(18, 9)), 6) as {{ type_rate() }})
{%- endmacro %}
