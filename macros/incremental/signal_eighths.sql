{#-
    Value of a segment at an instant, in eighths of a step: that of its beginning when it holds, else that of the straight line
    to its end, rounded to the nearest eighth. All in bigints: steps, and microseconds since 1970. Wide integers divide slowly
    (DuckDB: 300 ns), so they only do where a bigint would overflow.
-#}
{% macro signal_eighths(at, is_sloped, from_at, from_steps, to_at, to_steps) -%}
    {%- set rise = 'abs(' ~ to_steps ~ ' - ' ~ from_steps ~ ')' -%}
    {%- set run = '(' ~ to_at ~ ' - ' ~ from_at ~ ')' -%}
    {%- set passed = '(' ~ at ~ ' - ' ~ from_at ~ ')' -%}
    {%- set wide_rise = 'cast(' ~ rise ~ ' as ' ~ type_wide_integer() ~ ')' -%}
    case
        when not {{ is_sloped }} or {{ at }} = {{ from_at }} then 8 * {{ from_steps }}
        when {{ at }} = {{ to_at }} then 8 * {{ to_steps }}
        when {{ at }} is not null
            then 8 * {{ from_steps }} + case when {{ to_steps }} < {{ from_steps }} then -1 else 1 end * case
                when {{ rise }} <= {{ whole_quotient('500000000000000000', run) }}
                    then {{ whole_quotient('16 * ' ~ rise ~ ' * ' ~ passed ~ ' + ' ~ run, '2 * ' ~ run) }}
                else {{ whole_quotient('16 * ' ~ wide_rise ~ ' * ' ~ passed ~ ' + ' ~ run, '2 * ' ~ run) }}
            end
    end
{%- endmacro %}
