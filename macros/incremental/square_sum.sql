{#- a² + ab + b², a third of which is the mean square of a straight line from a to b. -#}
{% macro square_sum(a, b) -%}
    (
        cast({{ a }} as {{ type_wide_integer() }}) * {{ a }}
        + cast({{ a }} as {{ type_wide_integer() }}) * {{ b }}
        + cast({{ b }} as {{ type_wide_integer() }}) * {{ b }}
    )
{%- endmacro %}
