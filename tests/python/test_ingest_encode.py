"""Every type arrives in PostgreSQL as it is in Arrow and in DuckDB; and the totals would notice if it did not."""

from collections.abc import Iterator
from datetime import date, datetime
from decimal import Decimal
from typing import Any

import duckdb
import psycopg
import pyarrow as pa
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from psycopg.sql import SQL, Identifier

from generators.schema.arrow import arrow_schema
from generators.schema.table import Column, Table, Type
from ingest import ddl
from ingest.encode import HEADER, TRAILER, encode_rows
from ingest.totals import Totals

# Every type twice: never null, where neighbours share one record, and nullable, where records are cut.
TYPES = Table(
    source="test",
    name="types",
    description="One row per test value.",
    key=("row_no",),
    updated_column="row_no",
    columns=(
        Column("row_no", Type.INTEGER, "Order of the rows."),
        *(Column(f"{kind.value}_1", kind, f"A {kind.value}.") for kind in Type),
        *(Column(f"{kind.value}_0", kind, f"A {kind.value} or null.", nullable=True) for kind in Type),
    ),
)
NAME = Identifier("raw_test", "types")
LARGEST = 10**18 - 1

EDGES: dict[Type, list[Any]] = {
    Type.BOOLEAN: [True, False],
    Type.SMALLINT: [0, -(2**15), 2**15 - 1],
    Type.INTEGER: [0, -(2**31), 2**31 - 1],
    Type.BIGINT: [0, -(2**63), 2**63 - 1],
    Type.DOUBLE: [0.0, -1.5, 5e-324, 1.7976931348623157e308],
    Type.MONEY: [Decimal(n).scaleb(-2) for n in (0, 1, -1, 10, 9_999, 10_000, -10_001, 123_456_789, LARGEST, -LARGEST)],
    Type.RATE: [Decimal(n).scaleb(-6) for n in (0, 1, -1, 99, 100, 1_000_000, -1_000_001, 10**14, LARGEST, -LARGEST)],
    Type.STRING: ["", "Ångström °C", "日本語", "\t\n\\N", "🧂" * 300],
    Type.DATE: [date(1, 1, 1), date(1969, 12, 31), date(1970, 1, 1), date(2000, 1, 1), date(9999, 12, 31)],
    Type.TIMESTAMP: [datetime(1, 1, 1), datetime(1999, 12, 31, 23, 59, 59, 999_999), datetime(9999, 12, 31, 23, 59, 59, 1)],
}
ANY: dict[Type, st.SearchStrategy[Any]] = {
    Type.BOOLEAN: st.booleans(),
    Type.SMALLINT: st.integers(-(2**15), 2**15 - 1),
    Type.INTEGER: st.integers(-(2**31), 2**31 - 1),
    Type.BIGINT: st.integers(-(2**63), 2**63 - 1),
    Type.DOUBLE: st.floats(allow_nan=False, allow_infinity=False),
    Type.MONEY: st.integers(-LARGEST, LARGEST).map(lambda n: Decimal(n).scaleb(-2)),
    Type.RATE: st.integers(-LARGEST, LARGEST).map(lambda n: Decimal(n).scaleb(-6)),
    Type.STRING: st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0")),
    Type.DATE: st.dates(),
    Type.TIMESTAMP: st.datetimes(),
}
ROW = st.tuples(*(st.none() | ANY[c.type] if c.nullable else ANY[c.type] for c in TYPES.columns[1:]))


@pytest.fixture
def types(connection: psycopg.Connection) -> Iterator[psycopg.Connection]:
    """A connection to a database with the empty table; what the test does is rolled back."""
    connection.execute("create schema raw_test")
    for statement in ddl.create_table(TYPES):
        connection.execute(statement)
    yield connection
    connection.rollback()


def arrow(rows: list[tuple[Any, ...]]) -> pa.Table:
    numbered = [(place, *row) for place, row in enumerate(rows)]
    columns = [list(column) for column in zip(*numbered, strict=True)] or [[] for _ in TYPES.columns]
    schema = arrow_schema(TYPES)
    return pa.Table.from_arrays([pa.array(c, type=f.type) for c, f in zip(columns, schema, strict=True)], schema=schema)


def edges() -> pa.Table:
    longest = max(len(values) for values in EDGES.values())
    never_null = [[EDGES[kind][row % len(EDGES[kind])] for kind in Type] for row in range(longest)]
    nullable = [[None if row % 4 == 3 else value for value in values] for row, values in enumerate(never_null)]
    return arrow([(*a, *b) for a, b in zip(never_null, nullable, strict=True)])


def copy(connection: psycopg.Connection, rows: pa.Table, batch_rows: int = 3) -> Totals:
    totals = Totals(TYPES)
    with connection.cursor().copy("copy raw_test.types from stdin (format binary)") as stream:
        stream.write(HEADER)
        for batch in rows.combine_chunks().to_batches(max_chunksize=batch_rows):
            totals.add(batch)
            stream.write(encode_rows(batch, TYPES))
        stream.write(TRAILER)
    return totals


def stored(connection: psycopg.Connection) -> list[tuple[Any, ...]]:
    return connection.execute("select * from raw_test.types order by row_no").fetchall()


def test_edges_of_every_type_arrive_as_duckdb_and_arrow_hold_them(types: psycopg.Connection) -> None:
    rows = edges()
    totals = copy(types, rows)
    assert stored(types) == duckdb.from_arrow(rows).fetchall() == [tuple(row.values()) for row in rows.to_pylist()]
    assert totals.differences(types, NAME) == []


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(ROW, max_size=8))
def test_any_values_arrive_unchanged(types: psycopg.Connection, rows: list[tuple[Any, ...]]) -> None:
    types.execute("truncate raw_test.types")
    table = arrow(rows)
    totals = copy(types, table)
    assert stored(types) == [tuple(row.values()) for row in table.to_pylist()]
    assert totals.differences(types, NAME) == []


def test_the_sign_of_zero_and_the_scale_of_decimals_survive(types: psycopg.Connection) -> None:
    copy(types, edges())
    shown = types.execute(
        "select money_1::text, rate_1::text from raw_test.types where row_no in (0, 1) order by row_no"
    ).fetchall()
    assert shown == [("0.00", "0.000000"), ("0.01", "0.000001")]


def test_other_arrow_types_are_cast_to_the_contract(types: psycopg.Connection) -> None:
    """A reader may hand over dictionaries, nanoseconds or wider numbers; binary COPY itself would take their bytes."""
    rows = edges().slice(0, 3)
    other = {"string_1": pa.dictionary(pa.int32(), pa.string()), "money_1": pa.decimal128(30, 4), "smallint_1": pa.int64()}
    schema = pa.schema([pa.field(f.name, other.get(f.name, f.type), nullable=f.nullable) for f in rows.schema])
    with types.cursor().copy("copy raw_test.types from stdin (format binary)") as stream:
        stream.write(HEADER)
        for batch in rows.cast(schema).to_batches():
            stream.write(encode_rows(batch, TYPES))
        stream.write(TRAILER)
    assert stored(types) == [tuple(row.values()) for row in rows.to_pylist()]


def test_a_value_that_does_not_fit_is_refused() -> None:
    rows = edges().slice(0, 1)
    place = rows.schema.get_field_index("smallint_1")
    rows = rows.set_column(place, pa.field("smallint_1", pa.int64(), nullable=False), [pa.array([2**15])])
    with pytest.raises(pa.ArrowInvalid, match="32768"):
        encode_rows(rows.to_batches()[0], TYPES)


CHANGED: dict[Type, str] = {
    Type.BOOLEAN: "not {}",
    Type.SMALLINT: "{} + 1",
    Type.INTEGER: "{} + 1",
    Type.BIGINT: "{} + 1",
    Type.DOUBLE: "{} - 1",
    Type.MONEY: "{} + 0.01",
    Type.RATE: "{} + 0.000001",
    Type.STRING: "{} || 'x'",
    Type.DATE: "{} - 1",
    Type.TIMESTAMP: "{} - interval '1 microsecond'",
}


@pytest.mark.parametrize("column", TYPES.columns[1:], ids=lambda column: column.name)
def test_the_totals_notice_one_changed_and_one_vanished_value(types: psycopg.Connection, column: Column) -> None:
    """The negative control of the check before COMMIT: an encoder that is wrong about a type would do this."""
    totals = copy(types, edges())
    name, lowest = Identifier(column.name), SQL("(select row_no from raw_test.types order by {0} limit 1)")
    change = SQL(
        "update raw_test.types set {0} = " + CHANGED[column.type].format("{0}") + " where row_no = " + lowest.as_string()
    )
    with types.transaction(force_rollback=True):
        types.execute(change.format(name))
        assert [text.split(":")[0] for text in totals.differences(types, NAME)] == [column.name]
    if column.nullable:
        types.execute(SQL("update raw_test.types set {0} = null where row_no = 0").format(name))
        assert any(text.startswith(f"{column.name}: count of values") for text in totals.differences(types, NAME))
