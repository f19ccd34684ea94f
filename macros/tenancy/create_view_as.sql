{#-
    Views read with the rights of whoever asks (security_invoker), so that policies hold through them, and answer no question
    about rows that they hide (security_barrier). Takes the place of dbt's own macro.
-#}
{% macro postgres__create_view_as(relation, sql) -%}
    {%- set sql_header = config.get('sql_header', none) -%}
    {{ sql_header if sql_header is not none }}
    create view {{ relation }} with (security_invoker, security_barrier)
    {%- if config.get('contract').enforced -%}
        {{ get_assert_columns_equivalent(sql) }}
    {%- endif %}
    as (
        {{ sql }}
    );
{%- endmacro %}
