{#-
    One number that orders readings by time and carries what they say, so that min() and max() find the first and the last one
    with everything about it: microseconds since 1970 × 2^62 + (steps + 2^44, or 0 without a value) × 2^16 + quality.
-#}
{% macro packed_reading(microseconds, steps, quality) -%}
    cast({{ microseconds }} as {{ type_wide_integer() }}) * 4611686018427387904
    + coalesce({{ steps }} + 17592186044416, 0) * 65536 + {{ quality }}
{%- endmacro %}

{% macro packed_reading_at(packed) -%}
    {{ high_bits(packed, 62) }}
{%- endmacro %}

{#- The rest after the time: steps and quality. -#}
{% macro packed_reading_content(packed) -%}
    {{ low_bits(packed, 62) }}
{%- endmacro %}

{#- From the content: the steps, null without a value. -#}
{% macro packed_reading_steps(content) -%}
    nullif({{ whole_quotient(content, 65536) }}, 0) - 17592186044416
{%- endmacro %}

{% macro packed_reading_quality(content) -%}
    mod({{ content }}, 65536)
{%- endmacro %}
