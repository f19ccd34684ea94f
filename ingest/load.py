"""The load: a whole lake into PostgreSQL, in one transaction.

The tables are built in schemas beside the ones in use, proven equal to the files, given their keys, and swapped in at the
end together with the ledger's row. Whatever happens before, a kill included, the server rolls back, and the lake that was
loaded before stays whole; readers of it wait for the swap only.
"""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path
from typing import Protocol

import psycopg
from psycopg.sql import SQL, Identifier

from generators.engine.lake import MANIFEST, Manifest, TableEntry, checksum
from generators.schema.catalog import SOURCES, dependency_order
from generators.schema.table import Table
from ingest import ddl, ledger
from ingest.access import policies
from ingest.encode import HEADER, TRAILER, encode_rows
from ingest.errors import IngestError
from ingest.files import batches, check_files
from ingest.totals import Totals

LOCK = 0x5A17_0001  # an advisory lock's number means nothing; it must only be ours
LOADING = "loading_"


class Watcher(Protocol):
    """Whoever wants to know how far the load is."""

    def phase(self, text: str) -> None:
        """A new phase begins."""

    def rows(self, count: int) -> None:
        """So many more rows were sent."""


def is_loaded(connection: psycopg.Connection, lake: Path) -> bool:
    """Whether the raw tables hold exactly this lake, and all of them are there."""
    current = ledger.current_load(connection)
    return (
        current is not None
        and current.manifest_sha256 == checksum(lake / MANIFEST)
        and all(table.present for table in ledger.loaded_tables(connection, current))
    )


def load(connection: psycopg.Connection, lake: Path, manifest: Manifest, watcher: Watcher) -> None:
    """Replace the raw tables by those of the lake, all or nothing.

    Tables that the generators soiled get no keys: their staging models keep the contract. Raises IngestError, with the
    database as it was before, when a file is not what the manifest says, rows break a key, or the server refuses.
    """
    started_at = datetime.now(UTC)
    watcher.phase("checking the files")
    manifest_sha256 = checksum(lake / MANIFEST)
    check_files(lake, manifest)
    tables = [table for table in dependency_order() if table.qualified_name in manifest.tables]
    with connection.transaction():
        _begin(connection)
        _create_schemas(connection, tables)
        for table in tables:
            watcher.phase(f"loading {table.qualified_name}")
            _load_table(connection, lake, manifest.tables[table.qualified_name], table, watcher)
        sound = [table for table in tables if manifest.scenario.get("dirt", "none") == "none" or not table.soiled]
        for table in sound:
            watcher.phase(f"primary key of {table.qualified_name}")
            _add_primary_key(connection, table)
        for table in sound:
            watcher.phase(f"foreign keys of {table.qualified_name}")
            _add_foreign_keys(connection, table, among={table.qualified_name for table in sound})
        watcher.phase("keeping organizations apart")
        for source in sorted({table.source for table in tables}):
            for statement in policies.open_schema(source, _schema(source)):
                connection.execute(statement)
        for table in tables:
            for statement in policies.protect(table, _schema(table.source)):
                connection.execute(statement)
        watcher.phase("swapping the tables in")
        _swap(connection, tables)
        connection.execute("reset role")
        ledger.record(connection, str(lake), manifest, manifest_sha256, started_at)


def _schema(source: str) -> str:
    return LOADING + source


def _begin(connection: psycopg.Connection) -> None:
    try:
        connection.execute("set local lock_timeout = '5s'")  # longer than the server needs to notice a killed loader
        connection.execute("select pg_advisory_xact_lock(%s)", (LOCK,))
        connection.execute("set local lock_timeout = 0")
    except psycopg.errors.LockNotAvailable as error:
        raise IngestError("another ingestion is loading this database: wait until it ends") from error
    if ledger.current_load(connection) is None:
        ours = [ddl.raw_schema(source.name) for source in SOURCES]
        foreign = connection.execute("select nspname from pg_namespace where nspname = any(%s)", (ours,)).fetchall()
        if foreign:
            raise IngestError(
                f"the database has a schema {foreign[0][0]} that ingestion did not make: "
                "drop or rename it, or load into another database (PGDATABASE)"
            )
    connection.execute(ledger.CREATE)
    connection.execute("grant usage on schema ingest to saltworks_transform")
    connection.execute("grant select on ingest.loads, ingest.loaded_tables to saltworks_transform")
    connection.execute("set local maintenance_work_mem = '512MB'")
    connection.execute("set local role saltworks_owner")


def _create_schemas(connection: psycopg.Connection, tables: list[Table]) -> None:
    used = {table.source for table in tables}
    for source in SOURCES:
        if source.name in used:
            for statement in ddl.create_schema(source, _schema(source.name)):
                connection.execute(statement)


def _load_table(connection: psycopg.Connection, lake: Path, entry: TableEntry, table: Table, watcher: Watcher) -> None:
    schema = _schema(table.source)
    for statement in ddl.create_table(table, schema):
        connection.execute(statement)
    totals = Totals(table)
    # FREEZE: the rows need no second writing by a later VACUUM, since nobody can see the new table yet.
    command = SQL("copy {} from stdin (format binary, freeze)").format(Identifier(schema, table.name))
    try:
        with connection.cursor().copy(command) as copy:
            copy.write(HEADER)
            for file in entry.files:
                for rows in batches(lake, file, table):
                    totals.add(rows)
                    copy.write(encode_rows(rows, table))
                    watcher.rows(len(rows))
            copy.write(TRAILER)
    except psycopg.DataError as error:
        raise IngestError(
            f"{table.qualified_name}: PostgreSQL refused a value: {error.diag.message_primary} ({error.diag.context})"
        ) from error
    connection.execute(SQL("analyze {}").format(Identifier(schema, table.name)))
    differences = totals.differences(connection, schema)
    if totals.rows != entry.rows:
        differences.append(f"the files hold {totals.rows:,} rows, the manifest says {entry.rows:,}")
    if differences:
        raise IngestError(f"{table.qualified_name} was not loaded as it is in the lake: {'; '.join(differences)}")


def _add_primary_key(connection: psycopg.Connection, table: Table) -> None:
    try:
        connection.execute(ddl.add_primary_key(table, _schema(table.source)))
    except psycopg.errors.UniqueViolation as error:
        raise IngestError(f"{table.qualified_name}: the primary key is not unique: {error.diag.message_detail}") from error


def _add_foreign_keys(connection: psycopg.Connection, table: Table, among: set[str]) -> None:
    """Add the foreign keys whose target has a key: a lake of one domain, or of one's own, may lack some, dirt breaks others."""
    for key in table.foreign_keys:
        if key.target in among:
            try:
                connection.execute(ddl.add_foreign_key(table, key, _schema))
            except psycopg.errors.ForeignKeyViolation as error:
                raise IngestError(
                    f"{table.qualified_name} refers to a row that {key.target} does not have: {error.diag.message_detail}"
                ) from error


def _swap(connection: psycopg.Connection, tables: list[Table]) -> None:
    """Put the new schemas in the place of the old ones. Views on old tables go with them: the next dbt build makes them."""
    used = {table.source for table in tables}
    for source in SOURCES:
        name = Identifier(ddl.raw_schema(source.name))
        connection.execute(SQL("drop schema if exists {} cascade").format(name))
        if source.name in used:
            connection.execute(SQL("alter schema {} rename to {}").format(Identifier(_schema(source.name)), name))
