"""Marts as two engines built them, compared row by row and value by value.

As a command it compares PostgreSQL and Spark with DuckDB on any lake, as the tests do on a tiny one:

    python -m tests.python.engines --lake data/lake
"""

from __future__ import annotations

import argparse
import os
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeAlias

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

MartReader: TypeAlias = Callable[[str, str], pl.DataFrame]  # from schema and name


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
        # A whole mart is handed over at once: on `small`, minutes have 1.4 M rows.
        .config("spark.driver.memory", "4g")
        .config("spark.driver.maxResultSize", "2g")
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
    """What differs between two marts: row counts, keys, and values by column. The first column is the key.

    Values are equal to the last digit, doubles too.
    """
    if sorted(expected.columns) != sorted(found.columns):
        return [f"columns {sorted(set(expected.columns) ^ set(found.columns))}"]
    if expected.height != found.height:
        return [f"{expected.height} rows against {found.height}"]
    key = expected.columns[0]
    left = expected.sort(key)
    assert left[key].is_unique().all(), f"{key} is not a key"
    right = found.select(pl.col(column).cast(kind) for column, kind in expected.schema.items()).sort(key)
    unequal = []
    for column in expected.columns:
        same = left[column].eq_missing(right[column])
        if not same.all():
            row = (~same).arg_true()[0]
            unequal.append(
                f"{column}: {(~same).sum()} rows, first {left[key][row]}: {left[column][row]} against {right[column][row]}"
            )
    return unequal


def main() -> int:
    """Build a lake on DuckDB, PostgreSQL and Spark, and tell where the marts differ; 1 when they do."""
    parser = argparse.ArgumentParser(prog="python -m tests.python.engines", description=main.__doc__)
    parser.add_argument("--lake", type=Path, required=True, help="the lake to build from")
    parser.add_argument("--only", choices=READERS, help="compare one engine alone with DuckDB")
    options = parser.parse_args()
    is_equal = True
    with tempfile.TemporaryDirectory() as folder:
        reference = Warehouse("duckdb", options.lake.resolve(), Path(folder) / "duckdb")
        build(reference)
        for engine in [options.only] if options.only else READERS:
            with READERS[engine](reference, Path(folder) / engine) as read:
                for schema, name in marts(reference):
                    expected = read_duckdb(reference, schema, name)
                    unequal = differences(expected, read(schema, name))
                    said = "; ".join(unequal) or "equal"
                    print(f"{engine} {schema}.{name}: {expected.height:,} rows, {expected.width} columns: {said}", flush=True)
                    is_equal = is_equal and not unequal
    return 0 if is_equal else 1


def build(warehouse: Warehouse) -> None:
    """Build everything but the tests."""
    started = time.monotonic()
    warehouse.dbt("build", "--exclude-resource-type", "test", "unit_test")
    print(f"{warehouse.target}: built in {time.monotonic() - started:,.0f} s", flush=True)


@contextmanager
def postgres_marts(reference: Warehouse, folder: Path) -> Iterator[MartReader]:
    """The marts that PostgreSQL builds from the reference's lake, on a server of its own."""
    login = embedded.Login("saltworks", "only here", "saltworks")
    address = embedded.start(folder / "postgres", login)
    try:
        target = Target(address.host, address.port, login, is_embedded=True)
        os.environ.update(target.variables)
        if ingest(["--lake", str(reference.lake)]) != 0:
            sys.exit(1)
        build(Warehouse("postgres", reference.lake, folder, target.variables))
        yield lambda schema, name: read_postgres(target, reference, schema, name)
    finally:
        embedded.stop(folder / "postgres")


@contextmanager
def spark_marts(reference: Warehouse, folder: Path) -> Iterator[MartReader]:
    """The marts that Spark builds from the reference's lake."""
    warehouse = Warehouse("spark", reference.lake, folder)
    build(warehouse)
    with spark_session(warehouse) as session:
        yield lambda schema, name: read_spark(session, schema, name)


READERS = {"postgres": postgres_marts, "spark": spark_marts}


if __name__ == "__main__":
    sys.exit(main())
