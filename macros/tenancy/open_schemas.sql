{#-
    Lets the readers of each model into its schema, at the start of every command: a grant on a table alone opens nothing. Not
    in tenant_guard(), since two models at once would write the same row of the catalogue.
-#}
{% macro open_schemas() -%}
    {{ return(adapter.dispatch('open_schemas', 'saltworks')()) }}
{%- endmacro %}

{% macro default__open_schemas() -%}
{%- endmacro %}

{% macro postgres__open_schemas() -%}
    {%- set opened = [] -%}
    {%- for node in (graph.nodes.values() if execute else []) if node.resource_type in ('model', 'seed') -%}
        {%- for role in node.config.get('grants', {}).get('select', []) if (node.schema, role) not in opened -%}
            {%- do opened.append((node.schema, role)) -%}
            {%- set entered = run_query(
                "select has_schema_privilege('" ~ role ~ "', oid, 'usage') from pg_namespace where nspname = '" ~ node.schema ~ "'"
            ).rows -%}
            {%- if entered | length == 1 and not entered[0][0] %}
grant usage on schema {{ adapter.quote(node.schema) }} to {{ role }};
            {%- endif -%}
        {%- endfor -%}
    {%- endfor -%}
{%- endmacro %}
