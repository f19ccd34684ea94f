{#-
    A column of the row before, in the order in which the engine comes by its rows; null for the first one. That may be any
    order, so it must not matter for what comes out: but where rows lie in order, it spares sorting or joining them. Spark
    knows no such order and sorts.
-#}
{% macro of_row_before(column, partition_by, order_by) -%}
    {{ return(adapter.dispatch('of_row_before', 'saltworks')(column, partition_by, order_by)) }}
{%- endmacro %}

{% macro default__of_row_before(column, partition_by, order_by) -%}
    lag({{ column }}) over ()
{%- endmacro %}

{% macro spark__of_row_before(column, partition_by, order_by) -%}
    lag({{ column }}) over (partition by {{ partition_by }} order by {{ order_by }})
{%- endmacro %}
