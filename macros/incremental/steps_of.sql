{#-
    A value in whole steps of its tag's resolution, as a bigint: what sums and extremes are computed from, so that they are
    exact. Halves go up on every engine. The cast to thirteen digits fails for a value of 10^13 steps and more, which the
    squares of a day would not hold.
-#}
{% macro steps_of(value, resolution) -%}
    cast(cast(floor({{ value }} / {{ resolution }} + 0.5) as decimal(13, 0)) as bigint)
{%- endmacro %}
