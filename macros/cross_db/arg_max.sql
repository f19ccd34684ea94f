{#-
    Aggregate: the value of the row with the greatest `by`. Rows whose value or `by` is null are left out; equal `by` must
    mean equal values, since engines choose differently among ties.
-#}
{% macro arg_max(value, by) -%}
    {{ return(adapter.dispatch('arg_max', 'saltworks')(value, by)) }}
{%- endmacro %}

{% macro default__arg_max(value, by) -%}
    arg_max({{ value }}, {{ by }})
{%- endmacro %}

{% macro spark__arg_max(value, by) -%}
    max_by({{ value }}, case when {{ value }} is not null then {{ by }} end)
{%- endmacro %}

{% macro postgres__arg_max(value, by) -%}
    (array_agg({{ value }} order by {{ by }} desc nulls last) filter (where {{ value }} is not null))[1]
{%- endmacro %}
