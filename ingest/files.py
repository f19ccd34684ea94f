"""The lake's files as the loader takes them: found to be what the manifest and the contract say, then read in small batches."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

import pyarrow as pa
import pyarrow.parquet as pq

from generators.engine.lake import FileEntry
from generators.engine.storage import Storage
from generators.schema.arrow import arrow_schema
from generators.schema.table import Table
from ingest.errors import IngestError

# Some megabytes each way: the processor's caches hold what is being encoded, and memory stays flat.
ROWS_PER_BATCH = 65_536


@dataclass(frozen=True)
class Folder:
    """What a file's folder says about each of its rows: the day and the organization, where the table is laid out so."""

    day: date | None = None
    org_id: int | None = None


def folder_of(entry: FileEntry) -> Folder:
    """The promise of the file's path, `…/event_date=2025-12-31/org_id=1/…`. Raises IngestError when it makes no sense."""
    promised = dict(re.findall(r"(\w+)=([^/]*)/", entry.path))
    try:
        day, org_id = promised.get("event_date"), promised.get("org_id")
        return Folder(date.fromisoformat(day) if day else None, int(org_id) if org_id else None)
    except ValueError as error:
        raise IngestError(f"{entry.path}: the folder names no day or no organization: {error}") from error


def fault(lake: Storage, entry: FileEntry, table: Table) -> str:
    """What is wrong with the file as a whole, or "" when it can be read: nothing of it is loaded otherwise."""
    try:
        if not lake.encloses(entry.path):
            return "it lies outside the lake"
        unsigned = lake.checksum(entry.path) != entry.sha256
        metadata = _metadata(lake, entry)
        found = metadata.schema.to_arrow_schema()
    except FileNotFoundError:
        return "the file is missing"
    except (OSError, pa.ArrowException) as error:
        return f"it cannot be read: {error}"
    drifted = drift(found, table)
    if drifted:
        return f"{table.qualified_name} does not follow the contract: {drifted}"
    if unsigned:
        return "it was changed after it was generated: size or checksum are not the manifest's"
    if metadata.num_rows != entry.rows:
        return f"it holds {metadata.num_rows:,} rows, the manifest says {entry.rows:,}"
    return ""


def drift(found: pa.Schema, table: Table) -> str:
    """How a file's columns differ from the declared ones, or "": by name and type. Their order is of no account."""
    expected = arrow_schema(table)
    missing = [name for name in expected.names if name not in found.names]
    extra = [name for name in found.names if name not in expected.names]
    differences = [f"column {name} is missing" for name in missing]
    differences += [f"column {name} is not declared" for name in extra]
    differences += [
        f"column {field.name} is {found.field(field.name).type}, expected {field.type}"
        for field in expected
        if field.name in found.names and not _is_spelling_of(found.field(field.name).type, field.type)
    ]
    return "; ".join(differences)


def _is_spelling_of(found: pa.DataType, expected: pa.DataType) -> bool:
    """Whether other writers' type holds the same values: texts by dictionary or with long offsets, decimals of any width."""
    if pa.types.is_dictionary(found):
        found = found.value_type
    if pa.types.is_decimal(found) and pa.types.is_decimal(expected):
        return bool(found.scale == expected.scale and found.precision <= expected.precision)
    if pa.types.is_string(expected):
        return bool(pa.types.is_string(found) or pa.types.is_large_string(found) or pa.types.is_string_view(found))
    return bool(found == expected)


def row_groups(lake: Storage, entry: FileEntry) -> list[int]:
    """Rows of each row group of the file."""
    metadata = _metadata(lake, entry)
    return [metadata.row_group(group).num_rows for group in range(metadata.num_row_groups)]


def batches(lake: Storage, entry: FileEntry, table: Table, row_group: int) -> Iterator[pa.RecordBatch]:
    """The rows of a row group in the contract's types, in order; nulls may stand where the contract forbids them.

    Raises IngestError when a page cannot be read.
    """
    schema = pa.schema([field.with_nullable(True) for field in arrow_schema(table)])
    try:
        with lake.open(entry.path) as file:
            for batch in pq.ParquetFile(file).iter_batches(ROWS_PER_BATCH, [row_group], schema.names, use_threads=False):
                yield batch.select(schema.names).cast(schema, safe=True)
    except (OSError, pa.ArrowException) as error:
        raise IngestError(f"{entry.path} cannot be read: {error}") from error


def _metadata(lake: Storage, entry: FileEntry) -> pq.FileMetaData:
    with lake.open(entry.path) as file:
        return pq.read_metadata(file)
