{% test counts_the_rows_of(model, tables) %}
{#- A returned row is a raw table that holds more or fewer rows than the manifest says, or that it does not know. -#}

with

manifest as (

    select
        table_name,
        sum(row_count) as row_count
    from {{ model }}
    group by table_name

),

raw_tables as (

    {% for table in tables -%}
    select
        '{{ table }}' as table_name,
        count(*) as row_count
    from {{ source(*table.split('.')) }}
    {%- if not loop.last %}
    union all
    {% endif -%}
    {% endfor %}

)

select
    raw_tables.table_name,
    raw_tables.row_count,
    manifest.row_count as row_count_of_manifest
from raw_tables
left join manifest
    on raw_tables.table_name = manifest.table_name
where
    manifest.table_name is null
    or raw_tables.row_count <> manifest.row_count
{% endtest %}
