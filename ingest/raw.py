"""The raw tables as they stand in the database: made when they are missing, and found to be the declared ones."""

from __future__ import annotations

import psycopg
from psycopg.sql import SQL, Identifier

from generators.schema.catalog import SOURCES, dependency_order
from generators.schema.table import Table
from ingest import ddl
from ingest.errors import IngestError

COLUMNS = """
select table_schema || '.' || table_name, array_agg(cast(column_name as text) order by ordinal_position)
from information_schema.columns
where table_schema = any(%s)
group by table_schema, table_name
"""
FOREIGN_KEYS = """
select exists (select from pg_constraint where contype = 'f' and %s::regclass in (conrelid, confrelid))
"""


def create(connection: psycopg.Connection) -> None:
    """Create the raw tables that are missing, empty, with their primary keys.

    Raises IngestError when a table is there with other columns than the declared ones.
    """
    schemas = [ddl.raw_schema(source.name) for source in SOURCES]
    found = dict(connection.execute(COLUMNS, (schemas,)).fetchall())
    for source in SOURCES:
        for statement in ddl.create_schema(source):
            connection.execute(statement)
    for table in dependency_order():
        columns = found.get(f"{ddl.raw_schema(table.source)}.{table.name}")
        if columns is None:
            for statement in ddl.create_table(table):
                connection.execute(statement)
        elif columns != list(table.column_names):
            raise IngestError(
                f"raw_{table.qualified_name} has the columns {', '.join(columns)}, but the contract says"
                f" {', '.join(table.column_names)}: it was made by another version, or not by ingestion;"
                " load with --replace, or into another database (PGDATABASE)"
            )


def drop(connection: psycopg.Connection) -> None:
    """Drop the raw tables with all that looks upon them: dbt's staging views come again with the next build."""
    for source in SOURCES:
        connection.execute(SQL("drop schema if exists {} cascade").format(Identifier(ddl.raw_schema(source.name))))


def has_foreign_keys(connection: psycopg.Connection, table: Table) -> bool:
    """Whether a foreign key starts or ends here."""
    return connection.execute(FOREIGN_KEYS, (f"raw_{table.qualified_name}",)).fetchone() == (True,)


def add_foreign_keys(connection: psycopg.Connection, sound: list[Table]) -> None:
    """Add the foreign keys that are missing among these tables. After the first load: a join each, no look-up per row."""
    keyed = {table.qualified_name for table in sound}
    for table in sound:
        if table.ranged_by:
            continue
        there = {
            name
            for (name,) in connection.execute(
                "select conname from pg_constraint where conrelid = %s::regclass and contype = 'f'",
                (f"raw_{table.qualified_name}",),
            )
        }
        for key in table.foreign_keys:
            if key.target in keyed and ddl.foreign_key_name(table, key) not in there:
                connection.execute(ddl.add_foreign_key(table, key))
