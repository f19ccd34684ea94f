"""From NumPy columns to an Arrow table of the raw contract.

Money and rates arrive as whole numbers (hundredths, millionths) and become exact decimals here, at the edge.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import cache
from typing import Any, TypeAlias

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

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
    nulls come as NumPy masked arrays, Arrow arrays or None in a list. Raises ValueError when a column is missing, unknown,
    or null where the contract forbids it.
    """
    table = declared(qualified_name)
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
    return pa.Table.from_arrays(arrays, schema=schema_of(qualified_name))


def _array(values: Values, kind: Type) -> pa.Array | pa.ChunkedArray:
    target = ARROW_TYPES[kind]
    if isinstance(values, (pa.Array, pa.ChunkedArray)):
        return values if values.type == target else values.cast(target)
    if isinstance(values, np.ndarray) and kind in (Type.MONEY, Type.RATE):
        return _decimals(values, target)
    if isinstance(values, np.ma.MaskedArray):
        return pa.array(values.data, mask=np.ma.getmaskarray(values)).cast(target)
    if isinstance(values, np.ndarray) and values.dtype.kind == "M" and kind is Type.TIMESTAMP:
        return pa.array(values.astype("datetime64[us]"), type=target)
    if isinstance(values, np.ndarray) and values.dtype.kind != "O" and values.dtype.kind != "U":
        return pa.array(values).cast(target)
    return pa.array(values, type=target, from_pandas=False)


def _decimals(values: NDArray[Any], target: pa.DataType) -> pa.Array:
    """Scaled whole numbers as decimal128: the value in the low word, its sign in the high one (little endian)."""
    if values.dtype.kind != "i":
        raise TypeError(f"decimals are built from signed whole numbers, not from {values.dtype}")
    words = np.empty((len(values), 2), dtype=np.int64)
    words[:, 0] = values
    words[:, 1] = words[:, 0] >> 63
    mask = np.ma.getmaskarray(values) if isinstance(values, np.ma.MaskedArray) else None
    validity = None if mask is None else pa.array(~mask).buffers()[1]
    return pa.Array.from_buffers(target, len(values), [validity, pa.py_buffer(words)])
