"""What leaves NumPy arrives in Arrow exactly, and what the contract forbids is refused by name."""

from collections.abc import Iterator
from datetime import date, datetime
from decimal import Decimal
from typing import Any

import numpy as np
import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

from generators.engine.columns import rows_of, schema_of
from generators.schema.catalog import TABLES
from generators.schema.table import Column, Table, Type
from tests.python.small_lakes import sample

RATES = "ref.fx_rates"
LARGEST = 10**18 - 1  # decimal(18, …)


def columns_of(table: str, rows: int = 4) -> dict[str, Any]:
    """The columns of a table's sample, to be passed again."""
    return {name: column.combine_chunks() for name, column in zip(schema_of(table).names, sample(table, rows), strict=True)}


@pytest.fixture(scope="module", autouse=True)
def _maybe_table() -> Iterator[None]:
    """A table whose columns may all be null but its key; the contract has no such decimal yet."""
    columns = tuple(Column(f"{kind.value}_value", kind, f"A {kind.value} or null.", nullable=True) for kind in Type)
    changed = Column("changed_at", Type.TIMESTAMP, "When the row changed.")
    table = Table("test", "maybe", "One row per instant.", ("changed_at",), (changed, *columns), "changed_at")
    with pytest.MonkeyPatch.context() as patch:
        patch.setitem(TABLES, table.qualified_name, table)
        yield


def a_column(kind: Type) -> tuple[str, str]:
    """A raw table with a column of a type, not nullable."""
    return next(
        (name, column.name)
        for name, table in TABLES.items()
        for column in table.columns
        if column.type is kind and not column.nullable
    )


@pytest.mark.parametrize("table", TABLES)
def test_arrow_columns_pass_unchanged(table: str) -> None:
    assert rows_of(table, columns_of(table)).equals(sample(table, 4))


@given(st.lists(st.integers(-LARGEST, LARGEST), min_size=1), st.sampled_from([(Type.MONEY, 2), (Type.RATE, 6)]))
def test_scaled_whole_numbers_are_exact_decimals(numbers: list[int], kind: tuple[Type, int]) -> None:
    table, column = a_column(kind[0])
    columns = columns_of(table, len(numbers)) | {column: np.array(numbers, dtype=np.int64)}
    assert rows_of(table, columns)[column].to_pylist() == [Decimal(number).scaleb(-kind[1]) for number in numbers]


@given(st.lists(st.one_of(st.none(), st.integers(-LARGEST, LARGEST)), min_size=1))
def test_masked_decimals_are_null(numbers: list[int | None]) -> None:
    table, column = "test.maybe", "money_value"
    masked = np.ma.MaskedArray([number or 0 for number in numbers], [number is None for number in numbers], dtype=np.int64)
    found = rows_of(table, columns_of(table, len(numbers)) | {column: masked})[column]
    assert found.to_pylist() == [None if number is None else Decimal(number).scaleb(-2) for number in numbers]
    assert found.null_count == numbers.count(None)


@given(st.lists(st.one_of(st.none(), st.integers(-LARGEST, LARGEST)), min_size=1))
def test_masked_whole_numbers_and_moments_are_null(numbers: list[int | None]) -> None:
    table, missing = "test.maybe", [number is None for number in numbers]
    masked = np.ma.MaskedArray([number or 0 for number in numbers], missing, dtype=np.int64)
    moments = np.ma.MaskedArray(masked.data.view("datetime64[us]"), missing)
    found = rows_of(table, columns_of(table, len(numbers)) | {"bigint_value": masked, "timestamp_value": moments})
    assert found["bigint_value"].to_pylist() == numbers
    assert found["timestamp_value"].cast(pa.int64()).to_pylist() == numbers


def test_decimals_are_not_built_from_floating_point() -> None:
    table, column = a_column(Type.MONEY)
    with pytest.raises(TypeError, match="signed whole numbers, not from float64"):
        rows_of(table, columns_of(table) | {column: np.array([1.5] * 4)})


@pytest.mark.parametrize(
    ("kind", "given", "expected"),
    [
        (Type.TIMESTAMP, np.array(["2025-03-30T01:59:59"], "datetime64[s]"), datetime(2025, 3, 30, 1, 59, 59)),
        (Type.TIMESTAMP, np.array(["1969-12-31T23:59:59.000001"], "datetime64[us]"), datetime(1969, 12, 31, 23, 59, 59, 1)),
        (Type.DATE, np.array(["2024-02-29"], "datetime64[D]"), date(2024, 2, 29)),
        (Type.BIGINT, np.array([7], np.int16), 7),
        (Type.STRING, np.array(["Ångström"]), "Ångström"),
        (Type.STRING, np.array(["Ångström"], object), "Ångström"),
        (Type.STRING, ["Ångström"], "Ångström"),
        (Type.BOOLEAN, np.array([True]), True),
    ],
)
def test_other_types_keep_their_values(kind: Type, given: Any, expected: Any) -> None:
    table, column = a_column(kind)
    assert rows_of(table, columns_of(table, 1) | {column: given})[column].to_pylist() == [expected]


def test_a_number_that_does_not_fit_is_refused() -> None:
    table, column = a_column(Type.INTEGER)
    with pytest.raises(pa.ArrowInvalid, match="not in range"):
        rows_of(table, columns_of(table) | {column: np.array([2**31] * 4)})


def test_missing_and_unknown_columns_are_named() -> None:
    columns = columns_of(RATES)
    name, values = columns.popitem()
    with pytest.raises(ValueError, match=rf"ref.fx_rates: missing columns \['{name}'\], unknown columns \['surplus'\]"):
        rows_of(RATES, columns | {"surplus": values})


def test_a_null_where_none_may_be_is_named() -> None:
    table, column = a_column(Type.BIGINT)
    columns = columns_of(table) | {column: np.ma.MaskedArray([1, 2, 3, 4], [False, True, True, False])}
    with pytest.raises(ValueError, match=f"{table}.{column}: 2 nulls, but the column is not nullable"):
        rows_of(table, columns)
