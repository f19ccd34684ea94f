"""From NumPy columns to an Arrow table of the raw contract.

Money and rates arrive as whole numbers (hundredths, millionths) and become exact decimals here, at the edge. Labels may come
as Arrow dictionaries and stay such: `layout` says what a file makes of either.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import cache
from typing import Any, TypeAlias

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from generators.engine.layout import as_written
from generators.schema.arrow import ARROW_TYPES, arrow_schema
from generators.schema.catalog import table as declared
from generators.schema.table import Type

Values: TypeAlias = NDArray[Any] | pa.Array | pa.ChunkedArray | Sequence[Any]


@cache
def schema_of(qualified_name: str) -> pa.Schema:
    """The Arrow schema of `source.table`."""
    return arrow_schema(declared(qualified_name))


def rows_of(qualified_name: str, columns: Mapping[str, Values]) -> pa.Table:
    """An Arrow table of `source.table` from its columns.

    MONEY columns take int64 hundredths, RATE columns int64 millionths, TIMESTAMP datetime64 (any unit), DATE datetime64[D];
    nulls come as NumPy masked arrays, Arrow arrays or None in a list, never as NaT. Raises ValueError when a column is missing,
    unknown, or null where the contract forbids it.
    """
    table, schema = declared(qualified_name), schema_of(qualified_name)
    if set(columns) != set(table.column_names):
        missing = sorted(set(table.column_names) - set(columns))
        unknown = sorted(set(columns) - set(table.column_names))
        raise ValueError(f"{qualified_name}: missing columns {missing}, unknown columns {unknown}")
    arrays = []
    for column in table.columns:
        array = _array(columns[column.name], column.type)
        if array.null_count and not column.nullable:
            raise ValueError(f"{qualified_name}.{column.name}: {array.null_count} nulls, but the column is not nullable")
        arrays.append(array)
    fields = [field.with_type(array.type) for field, array in zip(schema, arrays, strict=True)]
    return pa.Table.from_arrays(arrays, schema=pa.schema(fields))


def _array(values: Values, kind: Type) -> pa.Array | pa.ChunkedArray:
    target = ARROW_TYPES[kind]
    if isinstance(values, (pa.Array, pa.ChunkedArray)):
        return values if as_written(values.type) == target else values.cast(target)
    if isinstance(values, np.ndarray) and kind in (Type.MONEY, Type.RATE):
        return _decimals(values, target)
    if isinstance(values, np.ndarray) and values.dtype.kind == "M" and kind is Type.TIMESTAMP:
        return _shared(values, np.dtype("datetime64[us]"), target)
    if isinstance(values, np.ndarray) and values.dtype.kind == "i" and kind is Type.BIGINT:
        return _shared(values, np.dtype(np.int64), target)
    if isinstance(values, np.ma.MaskedArray):
        return pa.array(values.data, mask=np.ma.getmaskarray(values)).cast(target)
    if isinstance(values, np.ndarray) and values.dtype.kind != "O" and values.dtype.kind != "U":
        return pa.array(values).cast(target)
    return pa.array(values, type=target, from_pandas=False)


def _decimals(values: NDArray[Any], target: pa.Decimal128Type) -> pa.Array:
    """Scaled whole numbers as decimals of 64 bits, which are the same numbers and hold 18 digits."""
    if values.dtype.kind != "i":
        raise TypeError(f"decimals are built from signed whole numbers, not from {values.dtype}")
    return _shared(values, np.dtype(np.int64), pa.decimal64(target.precision, target.scale))


def _shared(values: NDArray[Any], stored: np.dtype[Any], kind: pa.DataType) -> pa.Array:
    """An array whose values are those 64 bits each that NumPy holds, without a copy; a mask makes nulls."""
    whole = np.ascontiguousarray(np.ma.getdata(values), dtype=stored).view(np.int64)
    validity = pa.array(~np.ma.getmaskarray(values)).buffers()[1] if isinstance(values, np.ma.MaskedArray) else None
    return pa.Array.from_buffers(kind, len(whole), [validity, pa.py_buffer(whole)])
