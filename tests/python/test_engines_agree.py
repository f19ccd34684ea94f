"""The same lake gives the same marts on DuckDB, PostgreSQL and Spark: every row and every value, compared by key.

The lake is soiled, so that what mends and rejects rows is compared as well.
"""

from __future__ import annotations

import random
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import duckdb
import polars as pl
import psycopg
import pytest

from ingest import embedded
from ingest.access.isolation import exposures
from ingest.access.policies import TRANSFORM_ROLE
from ingest.connection import Target, acting_as, connect
from ingest.run import main as ingest
from tests.python.engines import differences, marts, read_csv, read_duckdb, read_postgres, read_spark, spark_session
from tests.python.postgres import copy_by_psql
from tests.python.spark_cluster import Cluster
from tests.python.warehouse import Warehouse


def assert_marts_agree(reference: Warehouse, read: Callable[[str, str], pl.DataFrame]) -> None:
    names = marts(reference)
    assert len(names) > 10
    found = {
        f"{schema}.{name}": differences(read_duckdb(reference, schema, name), read(schema, name)) for schema, name in names
    }
    assert not {name: difference for name, difference in found.items() if difference}


def test_postgres_agrees_with_duckdb(
    hostile_warehouse: Warehouse, database: Target, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert ingest(["--lake", str(hostile_warehouse.lake)]) == 0, capsys.readouterr().err
    warehouse = Warehouse("postgres", hostile_warehouse.lake, tmp_path, database.variables)
    warehouse.dbt("build")
    assert_marts_agree(hostile_warehouse, lambda schema, name: read_postgres(database, hostile_warehouse, schema, name))
    with connect(database) as connection:
        assert exposures(connection) == []
    with connect(database) as connection, acting_as(connection, TRANSFORM_ROLE):
        for schema, name in marts(hostile_warehouse):
            readers = connection.execute(
                "select array_agg(reader order by reader) from unnest(array['saltworks_analyst', 'saltworks_tenant']) as reader"
                " where has_schema_privilege(reader, %s, 'usage') and has_table_privilege(reader, %s, 'select')",
                (schema, f"{schema}.{name}"),
            ).fetchone()
            assert readers == (["saltworks_tenant" if schema == "chemical" else "saltworks_analyst"],), f"{schema}.{name}"
    assert_an_analyst_reads_by_psql(database, hostile_warehouse, tmp_path)


def assert_an_analyst_reads_by_psql(database: Target, reference: Warehouse, folder: Path) -> None:
    """A person of the sales company, with a login of their own, has every mart of sales and the calendars."""
    with psycopg.connect(
        host=database.host, port=database.port, user=embedded.SUPERUSER, dbname=database.login.database
    ) as superuser:
        superuser.execute("create role an_analyst login password 'only for tests' in role saltworks_analyst")
    names = [(schema, name) for schema, name in marts(reference) if schema != "chemical"]
    copy_by_psql(replace(database, login=replace(database.login, user="an_analyst", password="only for tests")), names, folder)
    found = {
        name: differences(
            read_duckdb(reference, schema, name), read_csv(folder / f"{schema}.{name}.csv", reference, schema, name)
        )
        for schema, name in names
    }
    assert len(found) > 15
    assert not {name: difference for name, difference in found.items() if difference}


def test_spark_agrees_with_duckdb(hostile_warehouse: Warehouse, spark_cluster: Cluster, tmp_path: Path) -> None:
    """On a cluster of two workers."""
    variables = {**spark_cluster.environment, "SALTWORKS_SPARK_MASTER": spark_cluster.master}
    warehouse = Warehouse("spark", hostile_warehouse.lake, tmp_path, variables)
    warehouse.dbt("build")
    with spark_session(warehouse) as session:
        assert_marts_agree(hostile_warehouse, lambda schema, name: read_spark(session, schema, name))


def test_a_difference_is_found(tiny_warehouse: Warehouse) -> None:
    orders = read_duckdb(tiny_warehouse, "sales", "fct_orders")
    assert differences(orders, orders.reverse()) == []
    assert differences(orders, orders.head(-1))
    changed = orders.with_columns(
        pl.when(pl.int_range(pl.len()) == 7).then(pl.lit(None)).otherwise(pl.col("order_status")).alias("order_status")
    )
    assert len(differences(orders, changed)) == 1


def test_a_wide_integer_becomes_the_nearest_double(hostile_warehouse: Warehouse) -> None:
    """As Python, PostgreSQL and Spark round it; DuckDB's own cast does not always, as the last line shows."""
    draws = random.Random(1)
    wide = [sign * draws.getrandbits(bits) for bits in range(1, 127) for sign in (1, -1) for _ in range(50)]
    inline = "select wide, {{ nearest_double('wide') }} from numbers"
    compiled = hostile_warehouse.dbt("--quiet", "compile", "--inline", inline).stdout
    nearest = [(number, float(number)) for number in wide]
    with duckdb.connect() as connection:
        connection.execute("create table numbers as select unnest(?::varchar[])::hugeint as wide", [list(map(str, wide))])
        assert connection.sql(compiled).fetchall() == nearest
        assert connection.sql("select wide, wide::double from numbers").fetchall() != nearest
