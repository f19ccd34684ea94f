"""The ledger, schema `ingest`: which lake, which files and which of their row groups the raw tables hold.

Every row is written in the transaction that loads what it tells of, so that the ledger and the tables never disagree:

ingest.loads        one row per run; the current one is complete: the raw tables hold its lake
ingest.files        one row per table and content (sha256) of a file
ingest.row_groups   one row per row group whose good rows are in
ingest.rejects      one row per row that is not, with the reason
"""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import psycopg
from psycopg.rows import class_row

from generators.engine.lake import FileEntry, Manifest
from ingest.errors import IngestError

CREATE = """
create schema if not exists ingest;
comment on schema ingest is 'Ingestion''s own record: what was loaded, from which lake, when, and what was rejected.';

create table if not exists ingest.loads (
    load_id bigint generated always as identity primary key,
    lake text not null,
    manifest_sha256 text not null,
    preset text not null,
    seed bigint not null,
    version text not null,
    horizon text not null,
    scenario jsonb not null,
    for_org_id integer,
    table_count integer not null,
    row_count bigint not null,
    byte_count bigint not null,
    started_at timestamptz not null default now(),
    finished_at timestamptz,
    is_current boolean not null default false
);
comment on table ingest.loads is 'One row per run of ingestion. The current one is complete: the raw tables hold its lake.';
create unique index if not exists loads_only_one_is_current on ingest.loads (is_current) where is_current;

create table if not exists ingest.files (
    file_id bigint generated always as identity primary key,
    load_id bigint not null references ingest.loads,
    table_name text not null,
    for_org_id integer,
    org_id integer,
    path text not null,
    sha256 text not null,
    fingerprint text not null,
    byte_count bigint not null,
    row_count bigint not null,
    rejected_count bigint not null default 0,
    state text not null check (state in ('loading', 'loaded', 'failed', 'replaced')),
    reason text,
    started_at timestamptz not null default clock_timestamp(),
    finished_at timestamptz,
    unique nulls not distinct (table_name, sha256, for_org_id)
);
comment on table ingest.files is
'One row per raw table, source.table, and content of a file, and once more where it was loaded for one organization alone.';

create table if not exists ingest.row_groups (
    file_id bigint not null references ingest.files on delete cascade,
    row_group integer not null,
    row_count bigint not null,
    rejected_count bigint not null,
    written_count bigint not null,
    finished_at timestamptz not null default clock_timestamp(),
    primary key (file_id, row_group)
);
comment on table ingest.row_groups is
'One row per row group that is in. Written are the rows that were new or changed; the others stood there already.';

create table if not exists ingest.rejects (
    file_id bigint not null references ingest.files on delete cascade,
    row_group integer not null,
    row_number bigint not null,
    reason text not null,
    "row" jsonb not null,
    rejected_at timestamptz not null default clock_timestamp(),
    primary key (file_id, row_group, row_number)
);
comment on table ingest.rejects is 'One row per row that was not loaded: where it stood, from 1, why, and what it says.';

-- dbt asks whether a lake is loaded completely; nobody else but the loader looks here: rejects may be anybody's rows.
grant usage on schema ingest to saltworks_transform;
grant select on ingest.loads to saltworks_transform;
"""

CURRENT = """
select load_id, lake, manifest_sha256, preset, seed, version, horizon, table_count, row_count, byte_count, finished_at
from ingest.loads
where is_current
"""

# A failed file is opened again at each run; so is one whose run was interrupted. The reasons of a failure go.
OPEN_FILE = """
insert into ingest.files (
    load_id, table_name, for_org_id, org_id, path, sha256, fingerprint, byte_count, row_count, state
)
select
    load_id, %(table)s, for_org_id, %(org_id)s, %(path)s, %(sha256)s, %(fingerprint)s, %(bytes)s, %(rows)s, 'loading'
from ingest.loads
where load_id = %(load_id)s
on conflict (table_name, sha256, for_org_id) do update set
    load_id = excluded.load_id,
    state = case when files.state in ('loaded', 'loading') then files.state else 'loading' end,
    reason = null
returning file_id, state
"""


REPLACE = """
with replaced as (
    update ingest.files as earlier set state = 'replaced'
    from ingest.files as finished
    where
        finished.file_id = %s
        and earlier.table_name = finished.table_name
        and earlier.path = finished.path
        and earlier.for_org_id is not distinct from finished.for_org_id
        and earlier.file_id <> finished.file_id
    returning earlier.file_id
)

delete from ingest.row_groups using replaced where row_groups.file_id = replaced.file_id
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
class Reject:
    """One row that is not taken. `row_number` counts from 1 within the row group."""

    row_number: int
    reason: str
    row: str  # as JSON


def exists(connection: psycopg.Connection) -> bool:
    """Whether there is a ledger."""
    return connection.execute("select to_regclass('ingest.files') is not null").fetchone() == (True,)


def create(connection: psycopg.Connection) -> None:
    """Create the ledger where there is none. Raises IngestError when raw schemas are there that it knows nothing of."""
    if not exists(connection):
        foreign = connection.execute("select nspname from pg_namespace where nspname ~ '^raw_' order by 1").fetchone()
        if foreign is not None:
            raise IngestError(
                f"the database has a schema {foreign[0]} that this ingestion did not make: drop or rename it,"
                " load with --replace, or into another database (PGDATABASE)"
            )
    connection.execute(CREATE)


def drop(connection: psycopg.Connection) -> None:
    """Forget everything."""
    connection.execute("drop schema if exists ingest cascade")


def current_load(connection: psycopg.Connection) -> Load | None:
    """The load that the raw tables hold completely, or None when there is none, or one is under way."""
    if not exists(connection):
        return None
    with connection.cursor(row_factory=class_row(Load)) as cursor:
        return cursor.execute(CURRENT).fetchone()


def latest_scenario(connection: psycopg.Connection) -> dict[str, Any] | None:
    """The scenario, with preset and seed, of the lake from which rows came last, complete or not."""
    row = connection.execute(
        "select scenario, preset, seed from ingest.loads where for_org_id is null order by load_id desc limit 1"
    ).fetchone()
    return None if row is None else {**row[0], "preset": row[1], "seed": row[2]}


def begin_load(
    connection: psycopg.Connection, lake: str, manifest: Manifest, manifest_sha256: str, for_org_id: int | None
) -> int:
    """A run begins: from here on, no lake is complete. Returns its number."""
    connection.execute("update ingest.loads set is_current = false where is_current")
    entries = manifest.tables.values()
    row = connection.execute(
        "insert into ingest.loads (lake, manifest_sha256, preset, seed, version, horizon, scenario, for_org_id,"
        " table_count, row_count, byte_count) values (%s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s) returning load_id",
        (
            lake,
            manifest_sha256,
            manifest.preset,
            manifest.seed,
            manifest.version,
            manifest.end,
            json.dumps(manifest.scenario),
            for_org_id,
            len(entries),
            sum(entry.rows for entry in entries),
            sum(entry.bytes for entry in entries),
        ),
    ).fetchone()
    assert row is not None, "INSERT … RETURNING returns the row"
    return int(row[0])


def finish_load(connection: psycopg.Connection, load_id: int) -> None:
    """The raw tables hold the load's lake, completely."""
    connection.execute("update ingest.loads set is_current = false where is_current")
    connection.execute(
        "update ingest.loads set is_current = true, finished_at = clock_timestamp() where load_id = %s", (load_id,)
    )


def loaded(connection: psycopg.Connection, for_org_id: int | None) -> set[tuple[str, str]]:
    """Table and sha256 of every file whose good rows are all in; or at least those of one organization."""
    rows = connection.execute(
        "select table_name, sha256 from ingest.files where state = 'loaded' and (for_org_id is null or for_org_id = %s)",
        (for_org_id,),
    )
    return {(table, sha256) for table, sha256 in rows}


def open_file(
    connection: psycopg.Connection, load_id: int, entry: FileEntry, org_id: int | None, fingerprint: str
) -> tuple[int, bool]:
    """Enter a file; returns its number, and whether it is loaded already."""
    row = connection.execute(
        OPEN_FILE, {**vars(entry), "load_id": load_id, "org_id": org_id, "fingerprint": fingerprint}
    ).fetchone()
    assert row is not None, "INSERT … RETURNING returns the row"
    return row[0], row[1] == "loaded"


def has_row_group(connection: psycopg.Connection, file_id: int, row_group: int) -> bool:
    """Whether the row group's good rows are in."""
    found = connection.execute("select from ingest.row_groups where file_id = %s and row_group = %s", (file_id, row_group))
    return found.fetchone() is not None


def enter_row_group(
    connection: psycopg.Connection, file_id: int, row_group: int, rows: int, rejected: int, written: int
) -> None:
    """The row group's good rows are in."""
    connection.execute(
        "insert into ingest.row_groups (file_id, row_group, row_count, rejected_count, written_count)"
        " values (%s, %s, %s, %s, %s)",
        (file_id, row_group, rows, rejected, written),
    )


def forget_rejects(connection: psycopg.Connection, file_id: int, row_group: int) -> None:
    """The row group is tried again."""
    connection.execute("delete from ingest.rejects where file_id = %s and row_group = %s", (file_id, row_group))


def enter_rejects(connection: psycopg.Connection, file_id: int, row_group: int, rejects: Iterable[Reject]) -> None:
    """Keep rows that are not taken. A second reason for the same row joins the first."""
    with connection.cursor() as cursor:
        cursor.executemany(
            'insert into ingest.rejects (file_id, row_group, row_number, reason, "row") values (%s, %s, %s, %s, %s)'
            " on conflict (file_id, row_group, row_number) do update set reason = rejects.reason || '; ' || excluded.reason",
            [(file_id, row_group, reject.row_number, reject.reason, reject.row) for reject in rejects],
        )


def as_json(row: dict[str, Any]) -> str:
    """The row as JSON that jsonb takes: not a number and infinity as texts, and no NUL."""
    plain = {
        name: value if value is None or isinstance(value, (bool, int)) else f"{value}".replace("\0", "\N{SYMBOL FOR NULL}")
        for name, value in row.items()
    }
    return json.dumps(plain, ensure_ascii=False)


def rejected_rows(connection: psycopg.Connection, file_id: int) -> int:
    """How many rows of the file were not taken."""
    row = connection.execute("select count(*) from ingest.rejects where file_id = %s", (file_id,)).fetchone()
    assert row is not None, "an aggregate without GROUP BY has one row"
    return int(row[0])


def finish_file(connection: psycopg.Connection, file_id: int) -> None:
    """All row groups are in. A file of the same path that was loaded before, with other content, is replaced by this one."""
    connection.execute(REPLACE, (file_id,))
    connection.execute(
        "update ingest.files set state = 'loaded', reason = null, finished_at = clock_timestamp(),"
        " rejected_count = (select count(*) from ingest.rejects where file_id = %s) where file_id = %s",
        (file_id, file_id),
    )


def fail_file(connection: psycopg.Connection, file_id: int, reason: str) -> None:
    """The file cannot be taken; the next run tries again."""
    connection.execute(
        "update ingest.files set state = 'failed', reason = %s, finished_at = clock_timestamp(),"
        " rejected_count = (select count(*) from ingest.rejects where file_id = %s) where file_id = %s",
        (reason, file_id, file_id),
    )


def rows_of_load(connection: psycopg.Connection, load_id: int) -> tuple[int, int]:
    """Rows that were taken and rejected from the files that the run opened, in earlier runs as well."""
    row = connection.execute(
        "select coalesce(sum(row_groups.row_count - row_groups.rejected_count), 0)::bigint,"
        " coalesce(sum(row_groups.rejected_count), 0)::bigint"
        " from ingest.files inner join ingest.row_groups using (file_id) where files.load_id = %s",
        (load_id,),
    ).fetchone()
    assert row is not None, "an aggregate without GROUP BY has one row"
    return row[0], row[1]


def reasons(connection: psycopg.Connection, load_id: int) -> list[tuple[str, str, int]]:
    """Table, reason and count of the rows that the run's files were refused, the most frequent first."""
    return connection.execute(
        "select files.table_name, rejects.reason, count(*) from ingest.files inner join ingest.rejects using (file_id)"
        " where files.load_id = %s group by 1, 2 order by 3 desc, 1, 2",
        (load_id,),
    ).fetchall()
