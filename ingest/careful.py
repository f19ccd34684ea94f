"""The careful way into a table: one file, row group by row group, each in one transaction with its row of the ledger.

A kill at any moment leaves whole row groups; the next run goes on with the one after. Rows that are not taken are kept with
their reasons in `ingest.rejects`; a file with too many of them fails, and so does one that cannot be read.
"""

from __future__ import annotations

import psycopg

from generators.engine.lake import FileEntry
from generators.schema.arrow import arrow_schema, fingerprint
from generators.schema.table import Table
from ingest import ddl, files, ledger, raw
from ingest.access import policies
from ingest.connection import acting_as
from ingest.errors import IngestError
from ingest.job import Job, Outcome, Place, expected, hold, hold_file, place_of
from ingest.staging import Staging
from ingest.validate import split


def load_file(connection: psycopg.Connection, job: Job, table: Table, entry: FileEntry) -> Outcome:
    """Bring the good rows of a file in, once, however often and by how many loaders it is tried."""
    try:
        place = place_of(table, entry)
        with connection.transaction():
            hold_file(connection, entry)
            folder = files.folder_of(entry)
            file_id, done = ledger.open_file(connection, job.load_id, entry, folder.org_id, fingerprint(arrow_schema(table)))
            reason = "" if done else files.fault(job.lake, entry, table)
            if reason:
                ledger.fail_file(connection, file_id, reason)
        if done or reason:
            return Outcome(entry, reason)
        if place.day is not None:
            _provide_partition(connection, place)
        for row_group in range(len(files.row_groups(job.lake, entry))):
            reason = _load_row_group(connection, job, place, entry, file_id, row_group)
            if reason:
                return Outcome(entry, reason)
        with connection.transaction():
            ledger.finish_file(connection, file_id)
        return Outcome(entry)
    except (IngestError, psycopg.DataError) as error:
        reason = str(error).strip()
        with connection.transaction():
            file_id, _ = ledger.open_file(connection, job.load_id, entry, None, fingerprint(arrow_schema(table)))
            ledger.fail_file(connection, file_id, reason)
        return Outcome(entry, reason)


def _provide_partition(connection: psycopg.Connection, place: Place) -> None:
    """Make the day's partition where there is none yet."""
    assert place.day is not None, "only days have partitions"
    with connection.transaction():
        hold(connection, place, alone=True)
        with acting_as(connection, policies.OWNER_ROLE):
            if not raw.has_partition(connection, place.table, place.day):
                connection.execute(ddl.create_partition(place.table, place.day))
                for statement in policies.separate_rows(ddl.partition_of(place.table, place.day)):
                    connection.execute(statement)


def _load_row_group(
    connection: psycopg.Connection, job: Job, place: Place, entry: FileEntry, file_id: int, row_group: int
) -> str:
    """Bring a row group's good rows in, if they are not; returns why the file fails, or ""."""
    table = place.table
    with connection.transaction():
        hold(connection, place, alone=False)
        hold_file(connection, entry)
        if ledger.has_row_group(connection, file_id, row_group):
            return ""
        ledger.forget_rejects(connection, file_id, row_group)
        most = job.max_rejected * entry.rows
        rejected = ledger.rejected_rows(connection, file_id)
        awaited = expected(connection, job, table, entry)
        keyed = table.qualified_name in job.sound
        found: list[ledger.Reject] = []
        rows = 0
        with acting_as(connection, policies.INGEST_ROLE):
            staging = Staging(connection, table)
            for batch in files.batches(job.lake, entry, table, row_group):
                good, numbers, bad = split(batch, table, awaited, rows + 1)
                rows += len(batch)
                found += bad
                if rejected + len(found) > most:
                    break
                staging.copy(good, numbers)
                job.watcher.rows(len(batch))
            else:
                staging.prove()
                found += staging.take_out_duplicates() if keyed else []
                found += staging.take_out_unknown_references([] if table.ranged_by else job.references(table))
            failed = rejected + len(found) > most
            written = 0 if failed else staging.upsert(keyed)
        ledger.enter_rejects(connection, file_id, row_group, found)
        if failed:
            reason = (
                f"at least {rejected + len(found):,} of {entry.rows:,} rows are rejected, most often: {_most_frequent(found)}"
            )
            ledger.fail_file(connection, file_id, reason)
            return reason
        ledger.enter_row_group(connection, file_id, row_group, rows, len(found), written)
        return ""


def _most_frequent(rejects: list[ledger.Reject]) -> str:
    reasons = [reject.reason for reject in rejects]
    return max(sorted(set(reasons)), key=reasons.count, default="")
