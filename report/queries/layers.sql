-- One row per layer and schema: how many tables and views it has.
select
    schema_name as schema,
    count(case when kind = 'table' then 1 end) as tables,
    count(case when kind = 'view' then 1 end) as views
from (
    select
        schema_name,
        'table' as kind
    from duckdb_tables()
    where not internal
    union all
    select
        schema_name,
        'view' as kind
    from duckdb_views()
    where not internal
) as relations
group by schema
order by schema asc
