{#-
    A value in whole steps of its tag's resolution, as a bigint: what sums and extremes are computed from, so that they are
    exact.
-#}
{% macro steps_of(value, resolution) -%}
    cast(round({{ value }} / {{ resolution }}) as bigint)
{%- endmacro %}
