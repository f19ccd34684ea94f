"""Whether the database holds what the lake holds: count and totals of every column, by Arrow and by PostgreSQL.

The lake's files are read again and compared with the manifest's checksums. Rows that were rejected are left out of the sums.
"""

from __future__ import annotations

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass

import numpy as np
import psycopg
import pyarrow as pa

from generators.engine.lake import FileEntry, Manifest, TableEntry
from generators.engine.storage import Storage
from generators.schema.catalog import TABLES
from generators.schema.table import Table
from ingest import ddl, files
from ingest.access.policies import TRANSFORM_ROLE
from ingest.connection import Target, acting_as, connect
from ingest.totals import Totals

REJECTED = """
select rejects.row_group, rejects.row_number
from ingest.files
inner join ingest.rejects using (file_id)
where files.table_name = %s and files.sha256 = %s and files.for_org_id is null
"""


@dataclass(frozen=True)
class Verdict:
    """One table: what the lake promises, what was rejected, and each difference in a sentence."""

    table: str
    rows: int
    rejected: int
    differences: list[str]


def verify(target: Target, lake: Storage, manifest: Manifest, workers: int) -> Iterator[Verdict]:
    """A verdict for each table of the manifest, in order of their names."""

    def judge(name: str) -> Verdict:
        with connect(target) as connection:
            return _judge(connection, lake, TABLES[name], manifest.tables[name])

    with ThreadPoolExecutor(workers) as pool:
        yield from pool.map(judge, sorted(manifest.tables))


def _judge(connection: psycopg.Connection, lake: Storage, table: Table, entry: TableEntry) -> Verdict:
    totals = Totals(table)
    faults = []
    rejected = 0
    for file in entry.files:
        fault = files.fault(lake, file, table)
        if fault:
            faults.append(f"{file.path}: {fault}")
            continue
        numbers = _rejected(connection, file)
        rejected += sum(map(len, numbers.values()))
        for row_group in range(len(files.row_groups(lake, file))):
            first = 1
            for rows in files.batches(lake, file, table, row_group):
                totals.add(_without(rows, numbers.get(row_group, []), first))
                first += len(rows)
    with acting_as(connection, TRANSFORM_ROLE):
        differences = totals.differences(connection, ddl.name_of(table))
    return Verdict(table.qualified_name, entry.rows, rejected, faults + differences)


def _rejected(connection: psycopg.Connection, file: FileEntry) -> dict[int, list[int]]:
    numbers: dict[int, list[int]] = {}
    for row_group, row_number in connection.execute(REJECTED, (file.table, file.sha256)):
        numbers.setdefault(row_group, []).append(row_number)
    return numbers


def _without(rows: pa.RecordBatch, numbers: list[int], first: int) -> pa.RecordBatch:
    here = [number - first for number in numbers if first <= number < first + len(rows)]
    if not here:
        return rows
    kept = np.ones(len(rows), dtype=bool)
    kept[here] = False
    return rows.filter(pa.array(kept))
