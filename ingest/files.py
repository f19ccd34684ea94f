"""The lake's files as the loader takes them: checked against the manifest and the contract, then read in small batches."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from generators.engine.lake import FileEntry, Manifest, verify
from generators.schema.arrow import arrow_schema
from generators.schema.catalog import TABLES
from generators.schema.table import Table, Type
from ingest.errors import IngestError

# Some megabytes each way: the processor's caches hold what is being encoded, and memory stays flat.
ROWS_PER_BATCH = 65_536


def check_files(lake: Path, manifest: Manifest) -> None:
    """Compare every file with the manifest and the contract. Raises IngestError that names the first one at fault."""
    unknown = sorted(set(manifest.tables) - set(TABLES))
    if unknown:
        raise IngestError(f"{lake}: no such raw table: {', '.join(unknown)}; the lake was made by another version")
    for entry, fault in verify(lake, manifest):
        if fault:
            reason = drift(lake / entry.path, TABLES[entry.table]) or fault
            raise IngestError(f"{lake / entry.path}: {reason}; nothing was loaded. Generate the lake again, or --resume it")


def drift(path: Path, table: Table) -> str:
    """How the file's columns differ from the declared ones, or "" when they do not, or cannot be read."""
    expected = arrow_schema(table)
    try:
        found = pq.read_schema(path)
    except (OSError, pa.ArrowException):
        return ""
    missing = [name for name in expected.names if name not in found.names]
    extra = [name for name in found.names if name not in expected.names]
    differences = [f"column {name} is missing" for name in missing]
    differences += [f"column {name} is not declared" for name in extra]
    differences += [
        f"column {field.name} is {_kind(found.field(field.name))}, expected {_kind(field)}"
        for field in expected
        if field.name in found.names and _kind(found.field(field.name)) != _kind(field)
    ]
    if not differences and found.names != expected.names:
        differences = [f"the columns stand in the order {', '.join(found.names)}, expected {', '.join(expected.names)}"]
    return f"{table.qualified_name} does not follow the contract: {'; '.join(differences)}" if differences else ""


def _kind(field: pa.Field) -> str:
    return f"{field.type} {'null' if field.nullable else 'not null'}"


def batches(lake: Path, entry: FileEntry, table: Table) -> Iterator[pa.RecordBatch]:
    """The file's rows in the contract's types, in order.

    Raises IngestError when a value does not fit or is not a number: NaN would sort above every value in the warehouse.
    """
    path = lake / entry.path
    schema = arrow_schema(table)
    doubles = [column.name for column in table.columns if column.type is Type.DOUBLE]
    try:
        with pq.ParquetFile(path) as file:
            for batch in file.iter_batches(ROWS_PER_BATCH, columns=schema.names):
                rows = batch.cast(schema, safe=True)
                for name in doubles:
                    if pc.all(pc.is_finite(rows.column(name))).as_py() is False:
                        raise IngestError(f"{path}, column {name}: NaN or infinity; a value that is not known must be null")
                yield rows
    except (OSError, pa.ArrowException) as error:
        raise IngestError(f"{path} cannot be read: {error}") from error
