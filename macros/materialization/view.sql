{#-
    DuckDB replaces a view in one statement; dbt's own way there makes a second one, renames both and drops the old.
-#}
{% materialization view, adapter='duckdb' %}
    {%- set built = create_or_replace_view() -%}
    {%- do persist_docs(this.incorporate(type='view'), model) -%}
    {%- do adapter.commit() -%}
    {{ return(built) }}
{% endmaterialization %}

{#- Takes the place of dbt-duckdb's own macro. -#}
{% macro duckdb__create_view_as(relation, sql) -%}
    {%- if config.get('contract').enforced -%}
        {{ get_assert_columns_equivalent(sql) }}
    {%- endif %}
    create or replace view {{ relation }} as (
        {{ sql }}
    );
{%- endmacro %}
