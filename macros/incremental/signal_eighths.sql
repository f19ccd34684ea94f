{#-
    Value of a segment at an instant, in eighths of a step: that of its beginning when it holds, else that of the straight line
    to its end, rounded to the nearest eighth. All in bigints: steps, and microseconds since 1970.
-#}
{% macro signal_eighths(at, is_sloped, from_at, from_steps, to_at, to_steps) -%}
    case
        when not {{ is_sloped }} or {{ at }} = {{ from_at }} then 8 * {{ from_steps }}
        when {{ at }} = {{ to_at }} then 8 * {{ to_steps }}
        else
            8 * {{ from_steps }}
            + case when {{ to_steps }} < {{ from_steps }} then -1 else 1 end * {{ whole_quotient(
                'cast(abs(' ~ to_steps ~ ' - ' ~ from_steps ~ ') as ' ~ type_wide_integer() ~ ') * 16 * ('
                ~ at ~ ' - ' ~ from_at ~ ') + (' ~ to_at ~ ' - ' ~ from_at ~ ')',
                '2 * (' ~ to_at ~ ' - ' ~ from_at ~ ')'
            ) }}
    end
{%- endmacro %}
