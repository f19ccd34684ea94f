"""The sales half of a preset, generated in memory and laid before DuckDB: `source.table` as the warehouse knows it."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import duckdb
import pyarrow as pa
import pyarrow.parquet as pq

from generators.engine.columns import schema_of
from generators.engine.plan import Chunk, Window
from generators.generation import families
from generators.sales.families import DERIVED
from generators.scenario import Scenario, load_scenario

SEED = 42


@cache
def scenario_of(preset: str) -> Scenario:
    return load_scenario(preset, SEED, ("sales",))


def chunks_of(scenario: Scenario) -> Iterator[Chunk]:
    window = Window(None, scenario.until)
    for family in families(scenario):
        for part in family.parts(scenario):
            yield from (window.cut(chunk) for chunk in family.generate(scenario, part))


@cache
def tables_of(preset: str) -> dict[str, pa.Table]:
    scenario = scenario_of(preset)
    chunks = {table: [schema_of(table).empty_table()] for family in families(scenario) for table in family.tables}
    for chunk in chunks_of(scenario):
        chunks.setdefault(chunk.table, []).append(_as_declared(chunk))
    with TemporaryDirectory() as folder:
        for family in DERIVED:
            file = Path(folder) / f"{family.reads}.parquet"
            pq.write_table(pa.concat_tables(chunks[family.reads]), file)
            for chunk in family.generate(scenario, [file]):
                chunks.setdefault(chunk.table, []).append(_as_declared(Window(None, scenario.until).cut(chunk)))
    return {table: pa.concat_tables(rows) for table, rows in chunks.items()}


def _as_declared(chunk: Chunk) -> pa.Table:
    """The rows in the types that they have in a file."""
    return chunk.rows.cast(schema_of(chunk.table))


@cache
def database_of(preset: str) -> duckdb.DuckDBPyConnection:
    database = duckdb.connect()
    database.execute("set timezone = 'UTC'")
    for name, rows in tables_of(preset).items():
        source, table = name.split(".")
        database.register(f"arrow_{source}_{table}", rows)
        database.execute(f"create schema if not exists {source}")
        database.execute(f"create table {name} as select * from arrow_{source}_{table}")
    return database


def rows(preset: str, query: str) -> list[tuple[Any, ...]]:
    return database_of(preset).execute(query).fetchall()


def assert_none(preset: str, query: str) -> None:
    """A query for rows that must not exist, as dbt's tests are: shows the first few when there are some."""
    found = database_of(preset).execute(f"select * from ({query}) limit 5").fetchall()
    assert not found, found
