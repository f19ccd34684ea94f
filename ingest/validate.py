"""Which rows of a batch the warehouse takes, and why it does not take the others. Vectorised: whole columns at a time."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime, time
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from generators.schema.table import Column, Table, Type
from ingest.files import Folder
from ingest.ledger import Reject

# Before, a clock that was never set; after, a mistyped year. The lake's own dates lie between 2000 and 2060.
EARLIEST, LATEST = date(1900, 1, 1), date(2199, 12, 31)


def split(
    rows: pa.RecordBatch, table: Table, folder: Folder, org_id: int | None, first_row: int
) -> tuple[pa.RecordBatch, np.ndarray[Any, Any], list[Reject]]:
    """The rows that are taken, their numbers, and the others with their reasons.

    `first_row` is the number of the batch's first row. Where `org_id` is given, rows of other organizations are not taken.
    """
    reasons: dict[int, list[str]] = {}
    for bad, reason in _faults(rows, table, folder, org_id):
        for place in np.flatnonzero(np.asarray(bad)).tolist():
            reasons.setdefault(place, []).append(reason)
    numbers = np.arange(first_row, first_row + len(rows), dtype=np.int32)
    if not reasons:
        return rows, numbers, []
    places = sorted(reasons)
    bad_rows = rows.take(pa.array(places)).to_pylist()
    rejects = [Reject(first_row + place, "; ".join(reasons[place]), row) for place, row in zip(places, bad_rows, strict=True)]
    taken = np.ones(len(rows), dtype=bool)
    taken[places] = False
    return rows.filter(pa.array(taken)), numbers[taken], rejects


def _faults(rows: pa.RecordBatch, table: Table, folder: Folder, org_id: int | None) -> Iterator[tuple[pa.Array, str]]:
    """For each rule that some row breaks: which rows do, and the rule."""
    for column in table.columns:
        values = rows.column(column.name)
        if values.null_count and not column.nullable:
            yield values.is_null(), f"{column.name} is null"
        for bad, reason in _faults_of_values(values, column):
            bad = bad.fill_null(False)
            if bad.true_count:
                yield bad, reason
    for column_name, wanted, reason in _promises(rows, table, folder, org_id):
        other = pc.not_equal(rows.column(column_name), wanted).fill_null(False)
        if other.true_count:
            yield other, reason
    if folder.day is not None and table.ranged_by:
        days = rows.column(table.ranged_by).cast(pa.date32(), safe=False)
        other = pc.not_equal(days, folder.day).fill_null(False)
        if other.true_count:
            yield other, f"{table.ranged_by} is not on {folder.day}, the day of the file's folder"


def _faults_of_values(values: pa.Array, column: Column) -> Iterator[tuple[pa.Array, str]]:
    if column.type is Type.DOUBLE:
        yield pc.invert(pc.is_finite(values)), f"{column.name} is not a finite number; what is not known must be null"
    if column.type is Type.STRING:
        if _has_nul(values):
            yield pc.match_substring(values, "\0"), f"{column.name} holds a NUL character"
        if column.accepted:
            known = pc.is_in(values, pa.array(column.accepted)) if not values.null_count else None
            known = pc.or_(values.is_null(), pc.is_in(values, pa.array(column.accepted))) if known is None else known
            yield pc.invert(known), f"{column.name} is none of {', '.join(column.accepted)}"
    if column.type in (Type.DATE, Type.TIMESTAMP):
        least, greatest = _bounds(values.type)
        outside = pc.or_(pc.less(values, least), pc.greater(values, greatest))
        yield outside, f"{column.name} lies outside the years {EARLIEST.year} to {LATEST.year}"


def _promises(rows: pa.RecordBatch, table: Table, folder: Folder, org_id: int | None) -> Iterator[tuple[str, pa.Scalar, str]]:
    if "org_id" in table.column_names:
        if folder.org_id is not None:
            yield "org_id", pa.scalar(folder.org_id, pa.int32()), f"org_id is not {folder.org_id}, the organization of the file"
        if org_id is not None and org_id != folder.org_id:
            yield "org_id", pa.scalar(org_id, pa.int32()), f"org_id is not {org_id}, for which this load runs"
    if folder.day is not None and "event_date" in table.column_names:
        yield "event_date", pa.scalar(folder.day), f"event_date is not {folder.day}, the day of the file's folder"


def _has_nul(values: pa.Array) -> bool:
    """Whether any of the bytes is zero: far quicker than to search each text."""
    content = values.buffers()[2]
    return content is not None and not np.frombuffer(content, dtype=np.uint8).all()


def _bounds(kind: pa.DataType) -> tuple[pa.Scalar, pa.Scalar]:
    if pa.types.is_date(kind):
        return pa.scalar(EARLIEST), pa.scalar(LATEST)
    return pa.scalar(datetime.combine(EARLIEST, time.min), kind), pa.scalar(datetime.combine(LATEST, time.max), kind)
