"""Totals of a table, computed by Arrow over the files and by PostgreSQL over the loaded rows: they must be equal.

This is what proves a load, since binary COPY would take a wrong layout without a word. Per column: the values that are not
null, where some may be, and a total that suits the type. All are exact; whole numbers are compared modulo 2^64, where Arrow's
sums wrap.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

import psycopg
import pyarrow as pa
import pyarrow.compute as pc
from psycopg.sql import SQL, Composed, Identifier

from generators.schema.table import Column, Table, Type

Total = int | float | Decimal | None  # None: no value so far


@dataclass(frozen=True)
class Measure:
    """One total of a column: how Arrow and PostgreSQL compute it, and how those of two batches combine."""

    name: str
    arrow: Callable[[pa.Array], Total]
    postgres: str
    combine: Callable[[Any, Any], Total]


COUNT = Measure(
    "count of values", lambda values: len(values) - values.null_count or None, "nullif(count({}), 0)", lambda a, b: a + b
)
WHOLE_SUM = Measure("sum", lambda values: pc.sum(values.cast(pa.int64())).as_py(), "sum({})", lambda a, b: a + b)
DECIMAL_SUM = Measure("sum", lambda values: pc.sum(values).as_py(), "sum({})", lambda a, b: a + b)
TRUE_COUNT = Measure("count of true", lambda values: pc.sum(values).as_py(), "sum(cast({} as integer))", lambda a, b: a + b)
LENGTH_SUM = Measure(
    "sum of lengths", lambda values: pc.sum(pc.binary_length(values)).as_py(), "sum(octet_length({}))", lambda a, b: a + b
)


def _bounds(postgres: str, storage: pa.DataType) -> tuple[Measure, Measure]:
    """Least and greatest value, as Arrow stores it: dates in days, timestamps in microseconds since 1970."""
    return (
        Measure("least value", lambda values: pc.min(values.cast(storage)).as_py(), postgres.format("min({})"), min),
        Measure("greatest value", lambda values: pc.max(values.cast(storage)).as_py(), postgres.format("max({})"), max),
    )


MEASURES: dict[Type, tuple[Measure, ...]] = {
    Type.BOOLEAN: (COUNT, TRUE_COUNT),
    Type.SMALLINT: (COUNT, WHOLE_SUM),
    Type.INTEGER: (COUNT, WHOLE_SUM),
    Type.BIGINT: (COUNT, WHOLE_SUM),
    Type.DOUBLE: (COUNT, *_bounds("{}", pa.float64())),
    Type.MONEY: (COUNT, DECIMAL_SUM),
    Type.RATE: (COUNT, DECIMAL_SUM),
    Type.STRING: (COUNT, LENGTH_SUM),
    Type.DATE: (COUNT, *_bounds("{} - date '1970-01-01'", pa.int32())),
    Type.TIMESTAMP: (COUNT, *_bounds("cast(extract(epoch from {}) * 1000000 as bigint)", pa.int64())),
}


class Totals:
    """The totals of one table, grown batch by batch."""

    def __init__(self, table: Table) -> None:
        self.table = table
        self.rows = 0
        # Where nothing can be null, there are as many values as rows.
        self._measured = [
            (column, measure)
            for column in table.columns
            for measure in MEASURES[column.type]
            if column.nullable or measure is not COUNT
        ]
        self._totals: list[Total] = [None] * len(self._measured)

    def add(self, rows: pa.RecordBatch) -> None:
        """Count in a batch that has the contract's schema."""
        self.rows += len(rows)
        for place, (column, measure) in enumerate(self._measured):
            value = measure.arrow(rows.column(column.name))
            total = self._totals[place]
            if value is not None:
                self._totals[place] = value if total is None else measure.combine(total, value)

    def differences(self, connection: psycopg.Connection, name: Identifier) -> list[str]:
        """Where the table as loaded differs from what was counted in: a sentence each, none when all is well."""
        found = connection.execute(self._query(name)).fetchone()
        assert found is not None, "an aggregate without GROUP BY has one row"
        differences = [] if found[0] == self.rows else [f"{found[0]:,} rows instead of {self.rows:,}"]
        for (column, measure), value, expected in zip(self._measured, found[1:], self._totals, strict=True):
            if _comparable(column, value) != _comparable(column, expected):
                differences.append(f"{column.name}: {measure.name} is {value} instead of {expected}")
        return differences

    def _query(self, name: Identifier) -> Composed:
        expressions = [SQL(measure.postgres).format(Identifier(column.name)) for column, measure in self._measured]
        return SQL("select {} from {}").format(SQL(", ").join([SQL("count(*)"), *expressions]), name)


def _comparable(column: Column, total: Total) -> Total:
    wraps = column.type in (Type.SMALLINT, Type.INTEGER, Type.BIGINT)
    return int(total) % 2**64 if wraps and total is not None else total
