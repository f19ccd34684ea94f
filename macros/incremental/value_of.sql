{#-
    The value of a number of steps, or of parts of a step: the inverse of steps_of. A resolution such as 0.01 is the reciprocal
    of a whole number; dividing by that gives the double nearest to the decimal, where 3 * 0.1 would give 0.30000000000000004.
-#}
{% macro value_of(steps, resolution, parts=1) -%}
    case
        when {{ resolution }} < 1 and abs(round(1 / {{ resolution }}) * {{ resolution }} - 1) < 1e-12
            then {{ steps }} / round(1 / {{ resolution }}){{ ' / ' ~ parts if parts > 1 }}
        else {{ steps }} * {{ resolution }}{{ ' / ' ~ parts if parts > 1 }}
    end
{%- endmacro %}
