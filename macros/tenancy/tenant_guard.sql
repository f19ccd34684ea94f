{#-
    Closes a new relation to other tenants in the transaction that makes it, after every model and seed. Whatever is built
    again loses its policies: so they are written anew each time.
-#}
{% macro tenant_guard() -%}
    {{ return(adapter.dispatch('tenant_guard', 'saltworks')()) }}
{%- endmacro %}

{% macro default__tenant_guard() -%}
{%- endmacro %}

{% macro postgres__tenant_guard() -%}
    {%- if execute -%}
        {%- set kind = config.get('materialized') -%}
        {%- if kind == 'materialized_view' -%}
            {%- do exceptions.raise_compiler_error(
                this ~ " is a materialized view, which knows no row-level security: make it a table"
            ) -%}
        {%- endif -%}
        {%- set is_of_tenants = 'org_id' in adapter.get_columns_in_relation(this) | map(attribute='name') -%}
        {%- if 'saltworks_tenant' in config.get('grants', {}).get('select', []) and not is_of_tenants -%}
            {%- do exceptions.raise_compiler_error(
                this ~ " has no column org_id, by which tenants are kept apart: add it, or take saltworks_tenant from the grants"
            ) -%}
        {%- endif -%}
        {%- if is_of_tenants and kind != 'view' -%}
alter table {{ this }} enable row level security;
alter table {{ this }} force row level security;
drop policy if exists tenant on {{ this }};
create policy tenant on {{ this }} to saltworks_tenant
using (org_id = (select iam.current_org())) with check (org_id = (select iam.current_org()));
drop policy if exists transform on {{ this }};
create policy transform on {{ this }} to saltworks_transform using (true) with check (true);
        {%- endif -%}
    {%- endif -%}
{%- endmacro %}
