"""From Arrow to PostgreSQL's binary COPY stream, vectorised.

Binary COPY never casts: the server takes bytes of a wrong type for a value, silently. So the rows are cast to the contract
first, every type has exactly one layout here, and the loader compares totals afterwards (totals.py).

A row of the stream is its field count (int16) and, per field, the payload's length (int32, −1 for null) and the payload. What
has the same width in every row becomes one NumPy record; strings and nullable fields lie between the records, and Arrow
joins the two row by row.
"""

from __future__ import annotations

import struct
from typing import Any, TypeAlias

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from generators.schema.arrow import arrow_schema
from generators.schema.table import Table, Type

HEADER = b"PGCOPY\n\xff\r\n\0" + struct.pack("!ii", 0, 0)
TRAILER = struct.pack("!h", -1)

UNIX_EPOCH_DAYS = 10_957  # 1970-01-01 to 2000-01-01, where PostgreSQL counts from
UNIX_EPOCH_MICROSECONDS = UNIX_EPOCH_DAYS * 86_400_000_000

PLAIN_TYPES = {Type.SMALLINT: "i2", Type.INTEGER: "i4", Type.BIGINT: "i8", Type.DOUBLE: "f8"}
SCALES = {Type.MONEY: 2, Type.RATE: 6}

# A numeric is a count of digits in base 10,000, the power of the first, sign, decimal places, and the digits. The server
# strips leading and trailing zeros, so that five digits, enough for 18 decimal ones on either scale, serve every value.
NUMERIC_DIGITS = 5
NUMERIC = np.dtype(
    [("digit_count", ">i2"), ("weight", ">i2"), ("sign", ">i2"), ("scale", ">i2"), ("digits", ">i2", (NUMERIC_DIGITS,))]
)
NUMERIC_NEGATIVE = 0x4000

Fields: TypeAlias = list[tuple[Any, Any]]


def encode_rows(rows: pa.RecordBatch, table: Table) -> memoryview:
    """The rows as bytes of the stream, without its HEADER and TRAILER.

    Columns are taken by name and cast safely to the contract. At most 2 GiB of result: give some ten thousand rows at a time.
    Raises pyarrow.ArrowInvalid when a value does not fit its declared type, KeyError when a column is missing.
    """
    schema = arrow_schema(table)
    segments: list[pa.Array] = []
    fields: Fields = [(">i2", len(schema))]
    for column, field in zip(table.columns, schema, strict=True):
        values = rows.column(column.name).cast(field.type, safe=True)
        if column.type is Type.STRING:
            lengths = pc.binary_length(values).fill_null(-1)
            segments += [_records([*fields, (">i4", np.asarray(lengths))], len(rows)), values.cast(pa.binary())]
            fields = []
            continue
        payload = _payload(values, column.type)
        if values.null_count == 0:
            fields += [(">i4", payload.itemsize), (payload.dtype, payload)]
        else:
            valid = np.asarray(values.is_valid())
            lengths = np.where(valid, payload.itemsize, -1)
            segments += [_records([*fields, (">i4", lengths)], len(rows)), _binary(payload, valid)]
            fields = []
    if fields:
        segments.append(_records(fields, len(rows)))
    if len(segments) == 1:
        return memoryview(segments[0].buffers()[2])
    # A null segment is an absent payload; its length, −1, stands in the record before.
    stream = pc.binary_join_element_wise(*segments, b"", null_handling="replace", null_replacement=b"")
    end = int(np.frombuffer(stream.buffers()[1], dtype=np.int32)[len(rows)])
    return memoryview(stream.buffers()[2])[:end]


def _records(fields: Fields, count: int) -> pa.Array:
    records = np.empty(count, dtype=[(f"f{place}", dtype) for place, (dtype, _) in enumerate(fields)])
    for place, (_, values) in enumerate(fields):
        records[f"f{place}"] = values
    return _binary(records)


def _binary(values: NDArray[Any], valid: NDArray[np.bool_] | None = None) -> pa.Array:
    """The values' bytes as an Arrow binary array, without a copy."""
    offsets = np.arange(len(values) + 1, dtype=np.int32) * np.int32(values.itemsize)
    validity = None if valid is None else pa.array(valid).buffers()[1]
    content = pa.py_buffer(np.ascontiguousarray(values).view(np.uint8))
    return pa.Array.from_buffers(pa.binary(), len(values), [validity, pa.py_buffer(offsets), content])


def _payload(values: pa.Array, kind: Type) -> NDArray[Any]:
    """The values in the server's layout, one fixed width each. What stands at a null is of no account."""
    if kind is Type.BOOLEAN:
        return _words(values.cast(pa.uint8()), "u1")
    if kind is Type.DATE:
        return (_words(values, "i4") - np.int32(UNIX_EPOCH_DAYS)).astype(">i4")
    if kind is Type.TIMESTAMP:
        return (_words(values, "i8") - np.int64(UNIX_EPOCH_MICROSECONDS)).astype(">i8")
    if kind in SCALES:
        low_words = _words(values, "i8", per_value=2)[::2]  # 18 digits fit into the low half
        return _numeric(low_words, SCALES[kind])
    plain = PLAIN_TYPES[kind]
    return _words(values, plain).astype(f">{plain}")


def _words(values: pa.Array, dtype: str, per_value: int = 1) -> NDArray[Any]:
    """The array's own memory, `per_value` little-endian words for each value."""
    words = np.frombuffer(values.buffers()[1], dtype=f"<{dtype}")
    return words[values.offset * per_value : (values.offset + len(values)) * per_value]


def _numeric(unscaled: NDArray[np.int64], scale: int) -> NDArray[Any]:
    """Decimals given as whole numbers of 10^−scale, at most 18 digits."""
    result = np.empty(len(unscaled), dtype=NUMERIC)
    fraction_digits = -(-scale // 4)
    padding = 10 ** (4 * fraction_digits - scale)
    result["digit_count"] = NUMERIC_DIGITS
    result["weight"] = NUMERIC_DIGITS - fraction_digits - 1
    result["sign"] = np.where(unscaled < 0, NUMERIC_NEGATIVE, 0)
    result["scale"] = scale
    # The last digit is padded by itself: padding the whole number could leave 64 bits.
    rest, last = np.divmod(np.abs(unscaled), 10_000 // padding)
    result["digits"][:, -1] = last * padding
    for place in range(NUMERIC_DIGITS - 2, -1, -1):
        rest, digit = np.divmod(rest, 10_000)
        result["digits"][:, place] = digit
    return result
