"""How rows are laid out in a Parquet file: encodings, compression and statistics, by what kind of table it is.

Rows may come in two shapes that are cheaper to make than the declared ones and the same in the file: labels as Arrow
dictionaries, which nobody hashes again, and amounts as 64-bit decimals.
"""

from __future__ import annotations

from typing import Any

import pyarrow as pa

from generators.schema.table import Table, Type

ROWS_PER_PAGE = 131_072  # of readings


def as_written(kind: pa.DataType) -> pa.DataType:
    """The type that a column of such rows has in a file."""
    if pa.types.is_dictionary(kind):
        return kind.value_type
    if pa.types.is_decimal64(kind):
        return pa.decimal128(kind.precision, kind.scale)
    return kind


def layout_of(table: Table, rows: pa.Schema) -> dict[str, Any]:
    """The options of `pyarrow.parquet.write_table` for rows of a table."""
    return _readings(table) if table.partitioned_by else _documents(table, rows)


def _readings(table: Table) -> dict[str, Any]:
    """Values in the steps of an instrument: a dictionary is smallest. Times: differences.

    All else is constant or comes in long runs. zstd makes next to nothing of them as they are, at half the cost of hashing or
    packing them; in pages as long as a dictionary's, for each costs a few microseconds.
    """
    return {
        "compression": "zstd",
        "use_dictionary": [column.name for column in table.columns if column.type is Type.DOUBLE],
        "column_encoding": {column.name: "DELTA_BINARY_PACKED" for column in table.columns if column.type is Type.TIMESTAMP},
        "max_rows_per_page": ROWS_PER_PAGE,
    }


def _documents(table: Table, rows: pa.Schema) -> dict[str, Any]:
    """Numbers close to their neighbours' or seldom repeated: differences are smaller than dictionaries, and twice as fast.

    Compression adds nothing to packed amounts and little to labels; bounds of texts would help no query.
    """
    dictionaries = [column.name for column in table.columns if column.type in (Type.STRING, Type.DOUBLE, Type.RATE)]
    packed = [column.name for column in table.columns if column.name not in dictionaries and column.type is not Type.BOOLEAN]
    return {
        "compression": {column.name: _compression(column.type, rows.field(column.name).type) for column in table.columns},
        "use_dictionary": dictionaries,
        "column_encoding": dict.fromkeys(packed, "DELTA_BINARY_PACKED"),
        "write_statistics": [column.name for column in table.columns if column.type is not Type.STRING],
        "store_decimal_as_integer": True,
    }


def _compression(kind: Type, rows: pa.DataType) -> str:
    if kind is Type.STRING:
        return "none" if pa.types.is_dictionary(rows) else "zstd"
    return "none" if kind is Type.MONEY else "snappy"
