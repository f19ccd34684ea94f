-- One row per mart: its kind of relation and what it holds, as the project describes it.
select
    schema_name as schema,
    table_name as mart,
    'table' as kind,
    trim(comment) as holds
from duckdb_tables()
where schema_name in ('sales', 'chemical', 'shared')
union all
select
    schema_name as schema,
    view_name as mart,
    'view' as kind,
    trim(comment) as holds
from duckdb_views()
where schema_name in ('sales', 'chemical', 'shared')
order by schema asc, mart asc
