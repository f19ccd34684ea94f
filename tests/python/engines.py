"""Marts as two engines built them, compared row by row and value by value.

As a command it compares DuckDB and PostgreSQL on any lake, as the tests do on a tiny one:

    python -m tests.python.engines --lake data/lake
"""

from __future__ import annotations

import argparse
import os
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

import duckdb
import polars as pl
from psycopg.sql import SQL, Identifier

from ingest import embedded
from ingest.access.policies import TRANSFORM_ROLE
from ingest.connection import Target, acting_as, connect
from ingest.run import main as ingest
from tests.python.warehouse import Warehouse

if TYPE_CHECKING:
    from pyspark.sql import SparkSession

# Averages and deviations are computed in floating point; the last digits are the engine's own.
FLOAT_TOLERANCE = 1e-12


def marts(warehouse: Warehouse) -> list[tuple[str, str]]:
    """Schema and name of every mart and roll-up: what has a contract."""
    nodes = warehouse.manifest["nodes"].values()
    return sorted((node["schema"], node["name"]) for node in nodes if node["config"].get("contract", {}).get("enforced"))


def read_duckdb(warehouse: Warehouse, schema: str, name: str) -> pl.DataFrame:
    with duckdb.connect(str(warehouse.database), read_only=True) as connection:
        return pl.DataFrame(connection.sql(f"select * from {schema}.{name}").to_arrow_table())


def read_postgres(target: Target, reference: Warehouse, schema: str, name: str) -> pl.DataFrame:
    """The mart as PostgreSQL writes it, in the types that it has on DuckDB."""
    query = SQL("copy (select * from {}) to stdout (format csv, header, null '\\N')").format(Identifier(schema, name))
    with duckdb.connect(str(reference.database), read_only=True) as types, tempfile.NamedTemporaryFile(suffix=".csv") as file:
        described = types.sql(f"describe {schema}.{name}").fetchall()
        with connect(target) as connection, acting_as(connection, TRANSFORM_ROLE), connection.cursor().copy(query) as rows:
            for data in rows:
                file.write(data)
        file.flush()
        types_by_column = {column: kind for column, kind, *_ in described}
        found = types.read_csv(file.name, header=True, na_values="\\N", quotechar='"', escapechar='"', dtype=types_by_column)
        return pl.DataFrame(found.to_arrow_table())


def read_csv(path: Path, warehouse: Warehouse, schema: str, name: str) -> pl.DataFrame:
    """A CSV file in the types that the mart has on DuckDB."""
    with duckdb.connect(str(warehouse.database), read_only=True) as connection:
        types = {column: kind for column, kind, *_ in connection.sql(f"describe {schema}.{name}").fetchall()}
        return pl.DataFrame(connection.read_csv(str(path), header=True, dtype=types).to_arrow_table())


@contextmanager
def spark_session(warehouse: Warehouse) -> Iterator[SparkSession]:
    """A session that sees the tables and views which dbt made; its Java ends with it."""
    from pyspark import SparkContext
    from pyspark.sql import SparkSession

    folder = warehouse.folder / "spark"
    session = (
        SparkSession.builder.master("local[2]")
        .config("spark.sql.warehouse.dir", str(folder / "warehouse"))
        .config("spark.hadoop.javax.jdo.option.ConnectionURL", f"jdbc:derby:;databaseName={folder}/metastore")
        .config("spark.sql.session.timeZone", "UTC")
        .config("spark.sql.shuffle.partitions", "2")
        .config("spark.ui.enabled", "false")
        .config("spark.log.level", "ERROR")
        .enableHiveSupport()
        .getOrCreate()
    )
    try:
        yield session
    finally:
        gateway: Any = session.sparkContext._gateway
        session.stop()
        gateway.shutdown()
        gateway.proc.stdin.close()  # by which its Java ends, and lets go of the metastore
        gateway.proc.wait()
        SparkContext._gateway = SparkContext._jvm = None


def read_spark(session: SparkSession, schema: str, name: str) -> pl.DataFrame:
    return pl.DataFrame(session.table(f"{schema}.{name}").toArrow())


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


def main() -> int:
    """Build a lake on DuckDB and on a PostgreSQL of its own, and tell where the marts differ; 1 when they do."""
    parser = argparse.ArgumentParser(prog="python -m tests.python.engines", description=main.__doc__)
    parser.add_argument("--lake", type=Path, required=True, help="the lake to build from")
    lake = parser.parse_args().lake.resolve()
    with tempfile.TemporaryDirectory() as folder:
        reference = Warehouse("duckdb", lake, Path(folder))
        reference.dbt("build", "--exclude-resource-type", "test", "unit_test")
        login = embedded.Login("saltworks", "only here", "saltworks")
        address = embedded.start(Path(folder) / "postgres", login)
        try:
            target = Target(address.host, address.port, login, is_embedded=True)
            os.environ.update(target.variables)
            if ingest(["--lake", str(lake)]) != 0:
                return 1
            warehouse = Warehouse("postgres", lake, Path(folder), target.variables)
            warehouse.dbt("build", "--exclude-resource-type", "test", "unit_test")
            unequal = False
            for schema, name in marts(reference):
                expected = read_duckdb(reference, schema, name)
                found = differences(expected, read_postgres(target, reference, schema, name))
                print(f"{schema}.{name}: {expected.height:,} rows, {expected.width} columns: {'; '.join(found) or 'equal'}")
                unequal = unequal or bool(found)
        finally:
            embedded.stop(Path(folder) / "postgres")
    return 1 if unequal else 0


if __name__ == "__main__":
    sys.exit(main())
