"""Rows that are written down one by one, gathered until there are enough for a file."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

import numpy as np
import pyarrow as pa

from generators.chemical.fleet import Unit
from generators.engine.columns import rows_of
from generators.engine.plan import Chunk
from generators.schema.catalog import table as declared

Row = dict[str, Any]


@dataclass(frozen=True)
class ToCome:
    """Rows of a table that are known about but have not come to be, and the day on which each will."""

    rows: pa.Table
    days: list[date]


class Notes:
    """The rows of a unit's small tables. A row comes to be on the day of its `created_at`, and waits until then."""

    def __init__(self, unit: Unit, to_come: Mapping[str, ToCome]) -> None:
        self._unit = unit
        self._rows: dict[str, list[tuple[date, Row]]] = {
            table: list(zip(waiting.days, waiting.rows.to_pylist(), strict=True)) for table, waiting in to_come.items()
        }

    def add(self, table: str, rows: Iterable[Row], day: date) -> None:
        """Rows that came to be on a day."""
        self._rows.setdefault(table, []).extend((day, row) for row in rows)

    def announce(self, table: str, rows: Iterable[Row], day: date) -> None:
        """Rows that are known on a day and come to be on that of their `created_at`, if that is later."""
        self._rows.setdefault(table, []).extend((max(row["created_at"].date(), day), row) for row in rows)

    def flush(self, month: date, until: date) -> Iterator[Chunk]:
        """A file per table of all rows that came to be in a month before a day."""
        for table, noted in self._rows.items():
            ripe = [(day, row) for day, row in noted if day < until]
            self._rows[table] = [(day, row) for day, row in noted if day >= until]
            if ripe:
                days = np.array([day for day, _ in ripe], dtype="datetime64[D]")
                path = f"part-{self._unit.unit_id}-{month:%Y%m}.parquet"
                yield Chunk(table, path, _table(table, [row for _, row in ripe]), days)

    def to_come(self) -> dict[str, ToCome]:
        """The rows that wait."""
        return {
            table: ToCome(_table(table, [row for _, row in noted]), [day for day, _ in noted])
            for table, noted in self._rows.items()
            if noted
        }


def _table(table: str, rows: list[Row]) -> pa.Table:
    return rows_of(table, {name: [row[name] for row in rows] for name in declared(table).column_names})
