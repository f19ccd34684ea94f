"""The same lake gives the same marts on DuckDB, PostgreSQL and Spark: every row and every value, compared by key."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import duckdb
import polars as pl
import psycopg
import pytest

from ingest.connection import Target, connect
from ingest.run import main as ingest
from tests.python.warehouse import Warehouse

# Averages and deviations are computed in floating point; the last digits are the engine's own.
FLOAT_TOLERANCE = 1e-12


def marts(warehouse: Warehouse) -> list[tuple[str, str]]:
    """Schema and name of every mart and roll-up: what has a contract."""
    nodes = warehouse.manifest["nodes"].values()
    return sorted((node["schema"], node["name"]) for node in nodes if node["config"].get("contract", {}).get("enforced"))


def read_duckdb(warehouse: Warehouse, schema: str, name: str) -> pl.DataFrame:
    with duckdb.connect(str(warehouse.database), read_only=True) as connection:
        return pl.DataFrame(connection.sql(f"select * from {schema}.{name}").to_arrow_table())


def read_postgres(target: Target, schema: str, name: str) -> pl.DataFrame:
    with connect(target) as connection:
        cursor = connection.execute(psycopg.sql.SQL("select * from {}.{}").format(*map(psycopg.sql.Identifier, (schema, name))))
        assert cursor.description is not None
        return pl.DataFrame(
            cursor.fetchall(), schema=[column.name for column in cursor.description], orient="row", infer_schema_length=None
        )


def read_spark(warehouse: Warehouse, schema: str, name: str) -> pl.DataFrame:
    files = sorted((warehouse.folder / "spark" / "warehouse" / f"{schema}.db" / name).rglob("*.parquet"))
    return pl.read_parquet(files, hive_partitioning=True)


def differences(expected: pl.DataFrame, found: pl.DataFrame) -> list[str]:
    """What differs between two marts: row counts, keys, and values by column. The first column is the key."""
    if sorted(expected.columns) != sorted(found.columns):
        return [f"columns {sorted(set(expected.columns) ^ set(found.columns))}"]
    if expected.height != found.height:
        return [f"{expected.height} rows against {found.height}"]
    key = expected.columns[0]
    left = expected.sort(key)
    assert left[key].is_unique().all(), f"{key} is not a key"
    right = found.select(pl.col(column).cast(kind) for column, kind in expected.schema.items()).sort(key)
    unequal = []
    for column, kind in expected.schema.items():
        same = left[column].eq_missing(right[column])
        if kind.is_float():
            close = (left[column] - right[column]).abs() <= FLOAT_TOLERANCE * left[column].abs()
            same = same | close.fill_null(False)
        if not same.all():
            row = (~same).arg_true()[0]
            unequal.append(
                f"{column}: {(~same).sum()} rows, first {left[key][row]}: {left[column][row]} against {right[column][row]}"
            )
    return unequal


def assert_marts_agree(reference: Warehouse, read: Callable[[str, str], pl.DataFrame]) -> None:
    names = marts(reference)
    assert len(names) > 10
    found = {
        f"{schema}.{name}": differences(read_duckdb(reference, schema, name), read(schema, name)) for schema, name in names
    }
    assert not {name: difference for name, difference in found.items() if difference}


def test_postgres_agrees_with_duckdb(
    tiny_warehouse: Warehouse, database: Target, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert ingest(["--lake", str(tiny_warehouse.lake)]) == 0, capsys.readouterr().err
    warehouse = Warehouse("postgres", tiny_warehouse.lake, tmp_path, database.variables)
    warehouse.dbt("build")
    assert_marts_agree(tiny_warehouse, lambda schema, name: read_postgres(database, schema, name))


def test_postgres_takes_a_soiled_lake(
    hostile_warehouse: Warehouse, database: Target, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert ingest(["--lake", str(hostile_warehouse.lake)]) == 0, capsys.readouterr().err
    warehouse = Warehouse("postgres", hostile_warehouse.lake, tmp_path, database.variables)
    chosen = ("+dim_customers", "+assert_quarantine_holds_what_was_soiled")
    warehouse.dbt("build", "--select", *chosen, "--indirect-selection", "buildable")
    for name in ("dim_customers", "dim_customer_versions"):
        mart = read_postgres(database, "sales", name)
        assert differences(read_duckdb(hostile_warehouse, "sales", name), mart) == []


def test_spark_agrees_with_duckdb_on_a_soiled_lake(hostile_warehouse: Warehouse, tmp_path: Path) -> None:
    warehouse = Warehouse("spark", hostile_warehouse.lake, tmp_path)
    warehouse.dbt("build")
    assert_marts_agree(hostile_warehouse, lambda schema, name: read_spark(warehouse, schema, name))


def test_a_difference_is_found(tiny_warehouse: Warehouse) -> None:
    orders = read_duckdb(tiny_warehouse, "sales", "fct_orders")
    assert differences(orders, orders.reverse()) == []
    assert differences(orders, orders.head(-1))
    changed = orders.with_columns(
        pl.when(pl.int_range(pl.len()) == 7).then(pl.lit(None)).otherwise(pl.col("order_status")).alias("order_status")
    )
    assert len(differences(orders, changed)) == 1
