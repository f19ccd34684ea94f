"""The raw tables as they stand in the database: made when they are missing, and found to be the declared ones.

They belong to `saltworks_owner`, and are closed to other organizations in the transaction that makes them.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date

import psycopg
from psycopg.sql import SQL, Identifier

from generators.schema.catalog import SOURCES, TABLES, dependency_order
from generators.schema.table import ForeignKey, Table
from ingest import ddl
from ingest.access import policies
from ingest.connection import acting_as
from ingest.errors import IngestError

COLUMNS = """
select nspname || '.' || relname, array_agg(cast(attname as text) order by attnum)
from pg_class
inner join pg_namespace on relnamespace = pg_namespace.oid
inner join pg_attribute on attrelid = pg_class.oid and attnum > 0 and not attisdropped
where nspname = any(%s) and relkind in ('r', 'p') and not relispartition
group by nspname, relname
"""
FOREIGN_KEYS = """
select exists (select from pg_constraint where contype = 'f' and %s::regclass in (conrelid, confrelid))
"""


def create(connection: psycopg.Connection) -> None:
    """Create the raw tables that are missing, empty, with their primary keys.

    Raises IngestError when a table is there with other columns than the declared ones.
    """
    schemas = [ddl.raw_schema(source.name) for source in SOURCES]
    found: dict[str, list[str]] = dict(connection.execute(COLUMNS, (schemas,)).fetchall())
    for table in dependency_order():
        columns = found.get(f"{ddl.raw_schema(table.source)}.{table.name}", list(table.column_names))
        if columns != list(table.column_names):
            raise IngestError(
                f"raw_{table.qualified_name} has the columns {', '.join(columns)}, but the contract says"
                f" {', '.join(table.column_names)}: it was made by another version, or not by ingestion;"
                " load with --replace, or into another database (PGDATABASE)"
            )
    missing = [table for table in dependency_order() if f"{ddl.raw_schema(table.source)}.{table.name}" not in found]
    if not missing:
        return
    # What the ledger says of a table that somebody dropped is no longer so.
    connection.execute("delete from ingest.files where table_name = any(%s)", ([table.qualified_name for table in missing],))
    with acting_as(connection, policies.OWNER_ROLE):
        for source in SOURCES:
            for statement in [*ddl.create_schema(source), *policies.open_schema(source.name, ddl.raw_schema(source.name))]:
                connection.execute(statement)
        for table in missing:
            for statement in [*ddl.create_table(table), *policies.protect(table, ddl.raw_schema(table.source))]:
                connection.execute(statement)


def drop(connection: psycopg.Connection) -> None:
    """Drop the raw tables with all that looks upon them: dbt's staging views come again with the next build."""
    with acting_as(connection, policies.OWNER_ROLE):
        for source in SOURCES:
            connection.execute(SQL("drop schema if exists {} cascade").format(Identifier(ddl.raw_schema(source.name))))


def drop_keys(connection: psycopg.Connection, soiled: list[Table]) -> None:
    """Take the primary keys off tables in whose rows dirt breaks them."""
    with acting_as(connection, policies.OWNER_ROLE):
        for table in soiled:
            connection.execute(ddl.drop_primary_key(table))


def has_partition(connection: psycopg.Connection, table: Table, day: date) -> bool:
    """Whether there is a partition for the day. The connection acts as the owner."""
    name = ddl.partition_of(table, day).as_string(connection)
    return connection.execute("select to_regclass(%s) is not null", (name,)).fetchone() == (True,)


def has_foreign_keys(connection: psycopg.Connection, table: Table) -> bool:
    """Whether a foreign key starts or ends here. The connection acts as the owner."""
    return connection.execute(FOREIGN_KEYS, (f"raw_{table.qualified_name}",)).fetchone() == (True,)


def add_foreign_keys(connection: psycopg.Connection, tables: list[Table], keyed: frozenset[str]) -> None:
    """Add what these tables lack of foreign keys to keyed tables. After the rows: a join each, and no look-up per row."""
    there = {name for (name,) in connection.execute("select conrelid::regclass || '.' || conname from pg_constraint")}
    missing = [
        (table, key)
        for table in tables
        if not table.ranged_by
        for key in table.foreign_keys
        if key.target in keyed and f"raw_{table.qualified_name}.{ddl.foreign_key_name(table, key)}" not in there
    ]
    with acting_as(connection, policies.OWNER_ROLE), _seeing_all(connection, missing):
        for table, key in missing:
            connection.execute(ddl.add_foreign_key(table, key))


@contextmanager
def _seeing_all(connection: psycopg.Connection, keys: list[tuple[Table, ForeignKey]]) -> Iterator[None]:
    """Let the owner see the rows of all organizations, unseen by others before the transaction ends.

    Otherwise PostgreSQL checks a new foreign key by a query that the policies empty, and takes every row for good.
    """
    involved = {name: TABLES[name] for table, key in keys for name in (table.qualified_name, key.target)}
    closed = [ddl.name_of(table) for table in involved.values() if policies.is_of_tenants(table)]
    for name in closed:
        connection.execute(SQL("alter table {} no force row level security").format(name))
    yield
    for name in closed:
        connection.execute(SQL("alter table {} force row level security").format(name))


def analyze(connection: psycopg.Connection, table: Table) -> None:
    """Tell the planner what the table holds."""
    with acting_as(connection, policies.OWNER_ROLE):
        connection.execute(SQL("analyze {}").format(ddl.name_of(table)))
