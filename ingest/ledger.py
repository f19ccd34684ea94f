"""The ledger of loads, schema `ingest`: which lake the raw tables hold. Its row is written in the load's own transaction.

ingest.loads           one row per load, exactly one of them current: the lake that the raw tables hold, complete
ingest.loaded_tables   one row per load and table: rows, files, bytes
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

import psycopg
from psycopg.rows import class_row

from generators.engine.lake import Manifest

CREATE = """
create schema if not exists ingest;
comment on schema ingest is 'Ingestion''s own record: what was loaded, from which lake, and when.';

create table if not exists ingest.loads (
    load_id bigint generated always as identity primary key,
    lake text not null,
    manifest_sha256 text not null,
    preset text not null,
    seed bigint not null,
    version text not null,
    horizon text not null,
    table_count integer not null,
    row_count bigint not null,
    byte_count bigint not null,
    started_at timestamptz not null,
    finished_at timestamptz not null,
    is_current boolean not null
);
comment on table ingest.loads is 'One row per load. The current one is the lake that the raw tables hold, completely.';
create unique index if not exists loads_only_one_is_current on ingest.loads (is_current) where is_current;

create table if not exists ingest.loaded_tables (
    load_id bigint not null references ingest.loads,
    table_name text not null,
    row_count bigint not null,
    file_count integer not null,
    byte_count bigint not null,
    primary key (load_id, table_name)
);
comment on table ingest.loaded_tables is 'One row per load and raw table, source.table: what came from its files.';
"""

CURRENT = """
select load_id, lake, manifest_sha256, preset, seed, version, horizon, table_count, row_count, byte_count, finished_at
from ingest.loads
where is_current
"""

# A table that somebody dropped since makes the load incomplete.
TABLES = """
select
    table_name,
    row_count,
    to_regclass(format('%%I.%%I', 'raw_' || split_part(table_name, '.', 1), split_part(table_name, '.', 2))) is not null
from ingest.loaded_tables
where load_id = %s
order by table_name
"""


@dataclass(frozen=True)
class Load:
    """The current load: its lake, identified by the manifest's checksum, and its size."""

    load_id: int
    lake: str
    manifest_sha256: str
    preset: str
    seed: int
    version: str
    horizon: str
    table_count: int
    row_count: int
    byte_count: int
    finished_at: datetime


@dataclass(frozen=True)
class LoadedTable:
    """One table of a load; it is not `present` when it was dropped since."""

    name: str
    row_count: int
    present: bool


def current_load(connection: psycopg.Connection) -> Load | None:
    """The load that the raw tables hold, or None before the first one."""
    exists = connection.execute("select to_regclass('ingest.loads') is not null").fetchone()
    if exists != (True,):
        return None
    with connection.cursor(row_factory=class_row(Load)) as cursor:
        return cursor.execute(CURRENT).fetchone()


def loaded_tables(connection: psycopg.Connection, load: Load) -> list[LoadedTable]:
    """The tables of a load, by name."""
    return [LoadedTable(*row) for row in connection.execute(TABLES, (load.load_id,))]


def record(connection: psycopg.Connection, lake: str, manifest: Manifest, manifest_sha256: str, started_at: datetime) -> None:
    """Make this lake the current load. Belongs into the transaction that swaps the tables in."""
    connection.execute("update ingest.loads set is_current = false where is_current")
    entries = manifest.tables.items()
    row = connection.execute(
        "insert into ingest.loads (lake, manifest_sha256, preset, seed, version, horizon, table_count, row_count,"
        " byte_count, started_at, finished_at, is_current)"
        " values (%s, %s, %s, %s, %s, %s, %s, %s, %s, %s, clock_timestamp(), true) returning load_id",
        (
            lake,
            manifest_sha256,
            manifest.preset,
            manifest.seed,
            manifest.version,
            manifest.end,
            len(entries),
            sum(entry.rows for _, entry in entries),
            sum(entry.bytes for _, entry in entries),
            started_at,
        ),
    ).fetchone()
    assert row is not None, "INSERT … RETURNING returns the row"
    with connection.cursor() as cursor:
        cursor.executemany(
            "insert into ingest.loaded_tables (load_id, table_name, row_count, file_count, byte_count)"
            " values (%s, %s, %s, %s, %s)",
            [(row[0], name, entry.rows, len(entry.files), entry.bytes) for name, entry in entries],
        )
