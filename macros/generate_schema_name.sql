{% macro generate_schema_name(custom_schema_name, node) -%}
    {#- Analysts query sales.fct_orders, whatever the target's own schema is called. -#}
    {{ custom_schema_name | trim if custom_schema_name else target.schema }}
{%- endmacro %}
