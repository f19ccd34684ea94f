{#-
    One number that orders values, and equal ones by time, so that min() and max() find the least or greatest value and when it
    was there first: (eighths of a step + 2^50) × 2^53 + microseconds since 1970, for a maximum 2^53 − 1 − microseconds.
-#}
{% macro packed_minimum(eighths, microseconds) -%}
    (cast({{ eighths }} as {{ type_wide_integer() }}) + 1125899906842624) * 9007199254740992
    + {{ microseconds }}
{%- endmacro %}

{% macro packed_maximum(eighths, microseconds) -%}
    (cast({{ eighths }} as {{ type_wide_integer() }}) + 1125899906842624) * 9007199254740992
    + (9007199254740991 - {{ microseconds }})
{%- endmacro %}

{% macro packed_extreme_eighths(packed) -%}
    {{ high_bits(packed, 53) }} - 1125899906842624
{%- endmacro %}

{% macro packed_minimum_at(packed) -%}
    {{ low_bits(packed, 53) }}
{%- endmacro %}

{% macro packed_maximum_at(packed) -%}
    9007199254740991 - {{ low_bits(packed, 53) }}
{%- endmacro %}
