"""Small lakes made by hand: any raw table with any number of rows, and files that were tampered with."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import asdict, replace
from datetime import date, datetime, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

import pyarrow as pa

from generators.engine.columns import schema_of
from generators.engine.lake import FileEntry, Manifest, close_lake, read_manifest, table_entries, write_chunk
from generators.engine.plan import Chunk, Part
from generators.engine.storage import storage
from generators.schema.catalog import table as declared
from generators.schema.table import Column, Type


def sample(table: str, rows: int) -> pa.Table:
    """Rows of a raw table that hold its keys: the n-th row has the n-th value of each column, nulls aside."""
    columns = [[_value(column, row) for row in range(rows)] for column in declared(table).columns]
    return pa.Table.from_arrays(
        [pa.array(values, type=field.type) for values, field in zip(columns, schema_of(table), strict=True)],
        schema=schema_of(table),
    )


def _value(column: Column, row: int) -> Any:
    if column.nullable and row % 3 == 2:
        return None
    if column.accepted:
        return column.accepted[row % len(column.accepted)]
    values: dict[Type, Callable[[], Any]] = {
        Type.BOOLEAN: lambda: row % 2 == 0,
        Type.DOUBLE: lambda: row / 3,
        Type.MONEY: lambda: Decimal(row) / 4,
        Type.RATE: lambda: Decimal(row) / 64,
        Type.STRING: lambda: f"{column.name} {row}",
        Type.DATE: lambda: date(2025, 1, 1) + timedelta(days=row),
        Type.TIMESTAMP: lambda: datetime(2025, 1, 1) + timedelta(seconds=row),
    }
    return values.get(column.type, lambda: row)()


def make_lake(lake: Path, tables: dict[str, pa.Table], seed: int = 1) -> Path:
    """Write the tables, two files each, and the manifest."""
    entries = []
    for name, rows in tables.items():
        half = len(rows) // 2
        for place, piece in enumerate((rows[:half], rows[half:])):
            entries.append(write_chunk(storage(lake), Part("test", f"{place}", 0), Chunk(name, f"part-{place}.parquet", piece)))
    close_lake(storage(lake), Manifest("0", "hand made", seed, "2026-01-01", {}, table_entries(entries)))
    return lake


def sign_again(lake: Path) -> None:
    """Make the manifest agree with the files as they are now, as a forger would."""
    manifest = json.loads((lake / "manifest.json").read_text())
    for table in manifest["tables"].values():
        for file in table["files"]:
            path = lake / file["path"]
            file.update(
                asdict(FileEntry(**{**file, "bytes": path.stat().st_size, "sha256": storage(lake).checksum(file["path"])}))
            )
    (lake / "manifest.json").write_text(json.dumps(manifest))


def add_file(lake: Path, table: str, path: str, rows: pa.Table, **scenario: Any) -> Path:
    """Let a lake grow by a file; `scenario` changes what the manifest says of the lake."""
    manifest = read_manifest(storage(lake))
    entry = write_chunk(storage(lake), Part("test", path, 0), Chunk(table, path, rows))
    entries = table_entries([*manifest.files, entry])
    close_lake(storage(lake), replace(manifest, tables=entries, scenario={**manifest.scenario, **scenario}))
    return lake


def with_values(rows: pa.Table, **columns: list[Any]) -> pa.Table:
    """The rows with other values in some columns."""
    for name, values in columns.items():
        field = rows.schema.field(name)
        rows = rows.set_column(rows.column_names.index(name), field, [pa.array(values, type=field.type)])
    return rows
