"""Corruptions of a lake or a mart: what one is, and a copy of a lake in which some are at work."""

from __future__ import annotations

import shutil
from collections.abc import Iterable
from pathlib import Path
from typing import NamedTuple

import duckdb


class Control(NamedTuple):
    """A negative control: a table that is damaged, and the test that turns red."""

    table: str
    select: str  # over the table's `rows`, which it replaces
    test: str  # dbt's name of it


def changed(column: str, value: str, where: str) -> str:
    """The rows with one column changed in some of them."""
    return f"select * replace (case when {where} then {value} else {column} end as {column}) from rows"


def corrupted(lake: Path, controls: Iterable[Control], target: Path) -> Path:
    """A copy of the lake without its manifest, in which the controls' raw tables are what they make of `rows`."""
    shutil.copytree(lake, target, ignore=shutil.ignore_patterns("manifest.json", "_parts"))
    for table, select, _ in controls:
        folder = target / table.replace(".", "/")
        with duckdb.connect() as connection:
            connection.execute(
                f"create table rows as select * from read_parquet('{folder}/**/*.parquet', hive_partitioning = false)"
            )
            shutil.rmtree(folder)
            folder.mkdir()
            connection.execute(f"copy ({select}) to '{folder}/part-000.parquet'")
    return target
