"""Digests of the values of a lake: independent of Parquet's encoding, of its version and of how rows fall into files.

A column's digest is the sha256 over all its rows in the order of the files' paths: one byte per row for "not null", then the
values that are not null. Whole numbers, booleans, dates (days) and timestamps (microseconds) count as int64, doubles as their
bits, all little endian; strings and decimals as text, each ended by a zero byte.
"""

from __future__ import annotations

import hashlib
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from generators.engine.lake import read_manifest
from generators.engine.storage import storage

TINY = Path(__file__).with_name("tiny.json")
PRESET = ("--preset", "tiny", "--seed", "1")

Digests = dict[str, dict[str, str]]


def digests(lake: Path) -> Digests:
    """The digest of every column of every table, by table and column; `meta` is left out, since it describes the files."""
    return {
        name: {column: digest(rows[column]) for column in rows.column_names}
        for name, entry in read_manifest(storage(lake)).tables.items()
        if not name.startswith("meta.")
        for rows in [pa.concat_tables(pq.read_table(lake / file.path, partitioning=None) for file in entry.files)]
    }


def digest(column: pa.ChunkedArray) -> str:
    """The digest of one column, hexadecimal."""
    found = hashlib.sha256(np.asarray(column.is_valid()).astype(np.uint8).tobytes())
    values = column.drop_null()
    if pa.types.is_floating(values.type):
        found.update(np.asarray(values).astype("<f8").tobytes())
    elif pa.types.is_string(values.type) or pa.types.is_decimal(values.type):
        found.update("".join(f"{text}\0" for text in pc.cast(values, pa.string()).to_pylist()).encode())
    else:
        numbers = values.cast(pa.int32()) if pa.types.is_date32(values.type) else values
        found.update(np.asarray(numbers.cast(pa.int64())).astype("<i8").tobytes())
    return found.hexdigest()
