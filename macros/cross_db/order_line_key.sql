{#- Key of an order line: order_id × 10^5 + line_no, which has at most five digits; order 1000001's line 2 is 100000100002. -#}
{% macro order_line_key(order_id, line_no) -%}
    cast({{ order_id }} as bigint) * 100000 + {{ line_no }}
{%- endmacro %}
