"""What the two ways of loading share: the run's options, the places that files go to, and the locks on both.

Locks are advisory and end with the transaction. A day of a ranged table, or any other table, is a place. Whoever builds a
place aside holds it alone; those who upsert into it share it and hold their file, so that two loaders at once load each row
group once.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Protocol

import psycopg
import pyarrow as pa
from psycopg.sql import SQL, Identifier

from generators.engine.lake import FileEntry
from generators.engine.storage import Storage
from generators.schema.table import ForeignKey, Table
from ingest import ddl
from ingest.access.policies import INGEST_ROLE
from ingest.connection import acting_as
from ingest.errors import IngestError
from ingest.files import folder_of
from ingest.validate import Expected

LOCKS = 0x5A17  # the class of our advisory locks; the number means nothing


class Watcher(Protocol):
    """Whoever wants to know how far the load is."""

    def phase(self, text: str) -> None:
        """Something begins."""

    def rows(self, count: int) -> None:
        """So many more rows were read."""


@dataclass(frozen=True)
class Job:
    """One run: from where, what may fail, who watches. `sound` names the tables that have keys in this lake."""

    lake: Storage
    load_id: int
    sound: frozenset[str]
    org_id: int | None
    max_rejected: float
    watcher: Watcher

    def references(self, table: Table) -> list[ForeignKey]:
        """The foreign keys that hold in this lake: dirt breaks those of soiled tables, and their keys."""
        return [key for key in table.foreign_keys if {table.qualified_name, key.target} <= self.sound]


@dataclass(frozen=True)
class Place:
    """Where files go: a table, or one day of a table that is split into days."""

    table: Table
    day: date | None

    def __str__(self) -> str:
        return f"{self.table.qualified_name} of {self.day}" if self.day else self.table.qualified_name


@dataclass(frozen=True)
class Outcome:
    """What became of one file; it failed when there is a reason."""

    entry: FileEntry
    reason: str = ""


def place_of(table: Table, entry: FileEntry) -> Place:
    """Where the file's rows belong. Raises IngestError when a file of readings lies in no day's or organization's folder."""
    if not table.ranged_by:
        return Place(table, None)
    folder = folder_of(entry)
    if folder.day is None or folder.org_id is None:
        raise IngestError(f"{entry.path}: the folder names no day or no organization: …/event_date=2025-12-31/org_id=1/…")
    return Place(table, folder.day)


def hold(connection: psycopg.Connection, place: Place, alone: bool) -> None:
    """Hold a place until the end of the transaction."""
    query = (
        "select pg_advisory_xact_lock(%s, hashtext(%s))" if alone else "select pg_advisory_xact_lock_shared(%s, hashtext(%s))"
    )
    connection.execute(query, (LOCKS, str(place)))


def hold_file(connection: psycopg.Connection, entry: FileEntry) -> None:
    """Hold a file until the end of the transaction."""
    connection.execute("select pg_advisory_xact_lock(%s, hashtext(%s))", (LOCKS, f"{entry.table} {entry.sha256}"))


def expected(connection: psycopg.Connection, job: Job, table: Table, entry: FileEntry) -> Expected:
    """What must hold for each row of the file.

    A ranged table is checked here for rows that refer to nothing: its files belong to one organization, whose tags and files
    are some thousands. Elsewhere the database looks (staging.py).
    """
    folder = folder_of(entry)
    known: dict[str, tuple[pa.Array, str]] = {}
    if table.ranged_by and folder.org_id is not None:
        with acting_as(connection, INGEST_ROLE):
            connection.execute("select set_config('ingest.org_id', %s, true)", (str(folder.org_id),))
            for key in job.references(table):
                query = SQL("select {} from {} where org_id = {}").format(
                    Identifier(key.target_columns[-1]),
                    Identifier(ddl.raw_schema(key.target_source), key.target_table),
                    folder.org_id,
                )
                kind = pa.int32() if table.column(key.columns[-1]).type.value == "integer" else pa.int64()
                values = pa.array([row[0] for row in connection.execute(query)], type=kind)
                known[key.columns[-1]] = (values, key.target)
    return Expected(folder, job.org_id, known)
