{#-
    DuckDB takes the comments on a model and all its columns in one statement. Every described column is there: contracts and tests of
    the descriptions see to it, and a column that is not is an error here.
-#}
{% macro duckdb__persist_docs(relation, model, for_relation, for_columns) -%}
    {%- set comments -%}
        {%- if for_relation and config.persist_relation_docs() and model.description %}
            {{ alter_relation_comment(relation, model.description) }}
        {%- endif %}
        {%- if for_columns and config.persist_column_docs() %}
            {%- for name, column in model.columns.items() if column.description %}
comment on column {{ relation }}.{{ adapter.quote(name) }} is {{ duckdb_escape_comment(column.description) }};
            {%- endfor %}
        {%- endif %}
    {%- endset -%}
    {%- if comments | trim -%}
        {%- do run_query(comments) -%}
    {%- endif -%}
{%- endmacro %}
