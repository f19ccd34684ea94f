"""The fast way into an empty place: its files by COPY into a table without keys, proven, keyed, and there at once.

One transaction for a place: a day of readings is built aside and attached as a partition; an empty table that belongs to no
organization is filled with its key taken off. COPY then writes no log and no row twice, and a key is one sort instead of a
look-up per row. What this way cannot take, such as a key that stands twice, is left to the careful one: all is rolled back.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from concurrent.futures import ThreadPoolExecutor

import psycopg
from psycopg.sql import SQL, Identifier

from generators.engine.lake import FileEntry
from generators.schema.arrow import arrow_schema, fingerprint
from ingest import ddl, files, ledger, raw
from ingest.access import policies
from ingest.connection import acting_as
from ingest.encode import HEADER, TRAILER, encode_rows
from ingest.errors import IngestError
from ingest.job import Job, Outcome, Place, expected, hold
from ingest.totals import Totals
from ingest.validate import Expected, split

MOST_REJECTS = 10_000  # held in memory while COPY has the connection; with more the careful way goes on
# Places are filled several at a time, each by one process: a key built by two or three costs a quarter more of their time, and
# with more memory it is hardly sooner there.
KEY_SETTINGS = ("set local maintenance_work_mem = '64MB'", "set local max_parallel_maintenance_workers = 0")


class UnfitError(Exception):
    """The place is not empty, or its rows are not as they must be."""


def may_fill(connection: psycopg.Connection, place: Place) -> bool:
    """Whether the place is empty, and of a kind that can be filled at once."""
    with acting_as(connection, policies.OWNER_ROLE):
        if place.day is not None:
            return not raw.has_partition(connection, place.table, place.day)
        if policies.is_of_tenants(place.table) or raw.has_foreign_keys(connection, place.table):
            return False
        found = connection.execute(SQL("select exists (select from {})").format(ddl.name_of(place.table))).fetchone()
        return found == (False,)


def fill(connection: psycopg.Connection, job: Job, place: Place, entries: Sequence[FileEntry]) -> list[Outcome]:
    """Bring all files of an empty place in. Raises UnfitError, with nothing done, when that is not possible."""
    try:
        with connection.transaction():
            hold(connection, place, alone=True)
            if not may_fill(connection, place):
                raise UnfitError
            outcomes, opened = _open(connection, job, place, entries)
            awaited = [expected(connection, job, place.table, entry) for _, entry in opened]
            with acting_as(connection, policies.OWNER_ROLE):
                for setting in KEY_SETTINGS:
                    connection.execute(setting.encode())
                name = _begin(connection, job, place)
                rejects = send(connection, job, place, name, zip(opened, awaited, strict=True))
                _finish(connection, job, place, name)
            for file_id, row_group, rows, found in rejects:
                ledger.enter_rejects(connection, file_id, row_group, found)
                ledger.enter_row_group(connection, file_id, row_group, rows, len(found), rows - len(found))
            for file_id, _ in opened:
                ledger.finish_file(connection, file_id)
            return outcomes
    except (psycopg.errors.IntegrityError, psycopg.DataError, IngestError) as error:
        raise UnfitError from error


def _open(
    connection: psycopg.Connection, job: Job, place: Place, entries: Sequence[FileEntry]
) -> tuple[list[Outcome], list[tuple[int, FileEntry]]]:
    """Enter the files; those that can be read are left to be loaded."""
    outcomes, opened = [], []
    for entry in entries:
        folder = files.folder_of(entry)
        print_of_schema = fingerprint(arrow_schema(place.table))
        file_id, done = ledger.open_file(connection, job.load_id, entry, folder.org_id, print_of_schema)
        if done:
            raise UnfitError
        reason = files.fault(job.lake, entry, place.table)
        outcomes.append(Outcome(entry, reason))
        if reason:
            ledger.fail_file(connection, file_id, reason)
        else:
            opened.append((file_id, entry))
    return outcomes, opened


def _begin(connection: psycopg.Connection, job: Job, place: Place) -> Identifier:
    """The empty table without a key, made or emptied in this transaction: COPY may freeze its rows."""
    if place.day is not None:
        name = ddl.partition_of(place.table, place.day)
        connection.execute(ddl.create_aside(place.table, name))
        return name
    name = ddl.name_of(place.table)
    connection.execute(SQL("truncate {}").format(name))
    connection.execute(ddl.drop_primary_key(place.table))
    return name


def send(
    connection: psycopg.Connection,
    job: Job,
    place: Place,
    name: Identifier,
    opened: Iterable[tuple[tuple[int, FileEntry], Expected]],
) -> list[tuple[int, int, int, list[ledger.Reject]]]:
    """Send the good rows of numbered files to an empty table of this transaction, and prove that they are there.

    A batch is made while the server takes the one before. Returns, per row group, number of the file and of the group, rows
    and rejects.
    """
    table, totals = place.table, Totals(place.table)
    row_groups = []
    rejected = 0
    statement = SQL("copy {} from stdin (format binary, freeze)").format(name)
    with connection.cursor().copy(statement) as copy, ThreadPoolExecutor(1) as sender:
        sending = sender.submit(copy.write, HEADER)
        for (file_id, entry), awaited in opened:
            most = job.max_rejected * entry.rows
            for row_group in range(len(files.row_groups(job.lake, entry))):
                rows, found = 0, []
                for batch in files.batches(job.lake, entry, table, row_group):
                    good, _, bad = split(batch, table, awaited, rows + 1)
                    rows += len(batch)
                    found += bad
                    totals.add(good)
                    encoded = encode_rows(good, table)
                    sending.result()
                    sending = sender.submit(copy.write, encoded)
                    job.watcher.rows(len(batch))
                rejected += len(found)
                most -= len(found)
                if most < 0 or rejected > MOST_REJECTS:
                    raise UnfitError
                row_groups.append((file_id, row_group, rows, found))
        sending.result()
        copy.write(TRAILER)
    differences = totals.differences(connection, name)
    if differences:
        raise IngestError(f"{place} did not arrive as it was sent: {'; '.join(differences)}")
    return row_groups


def _finish(connection: psycopg.Connection, job: Job, place: Place, name: Identifier) -> None:
    """Keys, which prove every row; then the place is what it is to be for others."""
    table = place.table
    if table.qualified_name in job.sound:
        connection.execute(ddl.add_primary_key(table, name))
    if place.day is not None:
        connection.execute(ddl.attach(table, place.day))
        for statement in policies.separate_rows(name):
            connection.execute(statement)
        return
    # In one order for all: two loaders that want the same tables do not wait for each other.
    for key in sorted(job.references(table), key=lambda key: key.target):
        connection.execute(ddl.add_foreign_key(table, key))
