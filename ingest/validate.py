"""Which rows of a batch the warehouse takes, and why it does not take the others. Vectorised: whole columns at a time."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, time
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from generators.schema.table import Column, Table, Type
from ingest.files import Folder
from ingest.ledger import Reject, as_json

# Before, a clock that was never set; after, a mistyped year. The lake's own dates lie between 2000 and 2060.
EARLIEST, LATEST = date(1900, 1, 1), date(2199, 12, 31)


@dataclass(frozen=True)
class Expected:
    """What is expected of each row of a file, beyond the contract.

    `folder` is what the file's path says; `org_id` the organization for which the load runs; `known` maps a column to the
    values that it may have, with the name of the table where they are.
    """

    folder: Folder
    org_id: int | None = None
    known: Mapping[str, tuple[pa.Array, str]] = field(default_factory=dict)

    def values(self, table: Table) -> Iterator[tuple[str, pa.Scalar, str]]:
        """Columns that have one value in the whole file, with the reason why."""
        folder = self.folder
        if "org_id" in table.column_names:
            if folder.org_id is not None:
                reason = f"org_id is not {folder.org_id}, the organization of the file's folder"
                yield "org_id", pa.scalar(folder.org_id, pa.int32()), reason
            if self.org_id is not None:
                yield "org_id", pa.scalar(self.org_id, pa.int32()), f"org_id is not {self.org_id}, for which this load runs"
        if folder.day is not None and "event_date" in table.column_names:
            yield "event_date", pa.scalar(folder.day), f"event_date is not {folder.day}, the day of the file's folder"


def split(
    rows: pa.RecordBatch, table: Table, expected: Expected, first_row: int
) -> tuple[pa.RecordBatch, np.ndarray[Any, Any], list[Reject]]:
    """The rows that are taken, their numbers, and the others with their reasons.

    `first_row` is the number of the batch's first row.
    """
    reasons: dict[int, list[str]] = {}
    for bad, reason in _faults(rows, table, expected):
        if bad.true_count:
            for place in np.flatnonzero(bad.to_numpy(zero_copy_only=False)).tolist():
                reasons.setdefault(place, []).append(reason)
    numbers = np.arange(first_row, first_row + len(rows), dtype=np.int32)
    if not reasons:
        return rows, numbers, []
    places = sorted(reasons)
    rejects = [
        Reject(first_row + place, "; ".join(reasons[place]), as_json(row))
        for place, row in zip(places, _readable(rows.take(pa.array(places))), strict=True)
    ]
    taken = np.ones(len(rows), dtype=bool)
    taken[places] = False
    return rows.filter(pa.array(taken)), numbers[taken], rejects


def _faults(rows: pa.RecordBatch, table: Table, expected: Expected) -> Iterator[tuple[pa.Array, str]]:
    """For each rule that some row breaks: which rows do, and the rule. Nulls break no rule but their own."""
    for column in table.columns:
        values = rows.column(column.name)
        if values.null_count and not column.nullable:
            yield values.is_null(), f"{column.name} is null"
        for bad, reason in _faults_of_values(values, column):
            yield bad.fill_null(False), reason
    for name, value, reason in expected.values(table):
        yield pc.not_equal(rows.column(name), value).fill_null(False), reason
    if table.ranged_by and expected.folder.day is not None:
        days = rows.column(table.ranged_by).cast(pa.date32(), safe=False)
        reason = f"{table.ranged_by} is not on {expected.folder.day}, the day of the file's folder"
        yield pc.not_equal(days, pa.scalar(expected.folder.day)).fill_null(False), reason
    for name, (known, target) in expected.known.items():
        values = rows.column(name)
        yield pc.and_(values.is_valid(), pc.invert(pc.is_in(values, known))), f"{name} is not in {target}"


def _faults_of_values(values: pa.Array, column: Column) -> Iterator[tuple[pa.Array, str]]:
    if column.type is Type.DOUBLE:
        yield pc.invert(pc.is_finite(values)), f"{column.name} is not a finite number; what is not known must be null"
    if column.type is Type.STRING:
        if _has_nul(values):
            yield pc.match_substring(values, "\0"), f"{column.name} holds a NUL character"
        if column.accepted:
            known = pc.is_in(values, pa.array(column.accepted))
            yield pc.and_(values.is_valid(), pc.invert(known)), f"{column.name} is none of {', '.join(column.accepted)}"
    if column.type in (Type.DATE, Type.TIMESTAMP):
        least, greatest = _bounds(values.type)
        outside = pc.or_(pc.less(values, least), pc.greater(values, greatest))
        yield outside, f"{column.name} lies outside the years {EARLIEST.year} to {LATEST.year}"


def _has_nul(values: pa.Array) -> bool:
    """Whether any of the bytes is zero: far quicker than to search each text."""
    content = values.buffers()[2]
    return content is not None and not np.frombuffer(content, dtype=np.uint8).all()


def _bounds(kind: pa.DataType) -> tuple[pa.Scalar, pa.Scalar]:
    if pa.types.is_date(kind):
        return pa.scalar(EARLIEST), pa.scalar(LATEST)
    return pa.scalar(datetime.combine(EARLIEST, time.min), kind), pa.scalar(datetime.combine(LATEST, time.max), kind)


def _readable(rows: pa.RecordBatch) -> list[dict[str, Any]]:
    """The rows as Python has them, times as text: Python's own calendar ends with the year 9999."""
    fields = [field.with_type(pa.string()) if pa.types.is_temporal(field.type) else field for field in rows.schema]
    readable: list[dict[str, Any]] = rows.cast(pa.schema(fields)).to_pylist()
    return readable
