{#-
    Aggregate: the value of the row with the least `by`. Rows whose value or `by` is null are left out; equal `by` must mean
    equal values, since engines choose differently among ties.
-#}
{% macro arg_min(value, by) -%}
    {{ return(adapter.dispatch('arg_min', 'saltworks')(value, by)) }}
{%- endmacro %}

{% macro default__arg_min(value, by) -%}
    arg_min({{ value }}, {{ by }})
{%- endmacro %}

{% macro spark__arg_min(value, by) -%}
    min_by({{ value }}, case when {{ value }} is not null then {{ by }} end)
{%- endmacro %}

{% macro postgres__arg_min(value, by) -%}
    (array_agg({{ value }} order by {{ by }}) filter (where {{ value }} is not null))[1]
{%- endmacro %}
