{#-
    In which of the 64 equal bins of its tag's range a reading lies: 0 to 63. What lies beyond an end of the range is in the bin
    of that end.
-#}
{% macro bin_of(steps, resolution, range_low, range_high) -%}
    cast(
        greatest(0, least(63, coalesce(
            floor(64 * ({{ steps }} * {{ resolution }} - {{ range_low }}) / nullif({{ range_high }} - {{ range_low }}, 0)),
            0
        ))) as smallint
    )
{%- endmacro %}
