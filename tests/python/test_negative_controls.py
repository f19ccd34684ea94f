"""Negative controls: a raw table is corrupted in one way, and the test that guards against it goes red."""

from __future__ import annotations

import shutil
from pathlib import Path

import duckdb
import pytest

from tests.python.controls import CONTROLS, MART_CONTROLS
from tests.python.warehouse import Warehouse


def batches() -> list[list[str]]:
    """The controls in as few groups as possible, each of which corrupts no table and expects no test twice."""
    groups: list[list[str]] = []
    for control, (table, _, test) in CONTROLS.items():
        for group in groups:
            if all(table != CONTROLS[other][0] and test != CONTROLS[other][2] for other in group):
                group.append(control)
                break
        else:
            groups.append([control])
    return groups


def corrupted(lake: Path, controls: list[str], target: Path) -> Path:
    """A copy of the lake without its manifest, in which the controls' raw tables are what they make of `rows`."""
    shutil.copytree(lake, target, ignore=shutil.ignore_patterns("manifest.json", "_parts"))
    for table, select, _ in map(CONTROLS.__getitem__, controls):
        folder = target / table.replace(".", "/")
        with duckdb.connect() as connection:
            connection.execute(
                f"create table rows as select * from read_parquet('{folder}/**/*.parquet', hive_partitioning = false)"
            )
            shutil.rmtree(folder)
            folder.mkdir()
            connection.execute(f"copy ({select}) to '{folder}/part-000.parquet'")
    return target


@pytest.mark.parametrize("controls", batches(), ids=lambda group: f"{group[0]} and {len(group) - 1} more")
def test_a_corruption_turns_its_test_red(controls: list[str], tiny_warehouse: Warehouse, tmp_path: Path) -> None:
    tests = {CONTROLS[control][2] for control in controls}
    warehouse = tiny_warehouse.with_lake(corrupted(tiny_warehouse.lake, controls, tmp_path / "lake"), tmp_path)
    made = ("--resource-type", "seed", "--resource-type", "model")
    warehouse.dbt("build", *made, "--select", *(f"+{test}" for test in tests))
    warehouse.dbt("test", "--select", *tests, "--indirect-selection", "empty", check=False)
    assert warehouse.failed_nodes() == tests


def test_a_damaged_mart_turns_its_test_red(tiny_warehouse: Warehouse, tmp_path: Path) -> None:
    warehouse = tiny_warehouse.with_lake(tiny_warehouse.lake, tmp_path)
    shutil.copy(tiny_warehouse.database, warehouse.database)
    with duckdb.connect(str(warehouse.database)) as connection:
        for mart, select, _ in MART_CONTROLS.values():
            connection.execute(f"create temp table rows as select * from {mart}")
            connection.execute(f"create or replace table {mart} as {select}")
            connection.execute("drop table rows")
    tests = {test for _, _, test in MART_CONTROLS.values()}
    warehouse.dbt("test", "--select", *tests, "--indirect-selection", "empty", check=False)
    assert warehouse.failed_nodes() == tests


def test_an_intact_lake_leaves_every_test_green(tiny_warehouse: Warehouse) -> None:
    assert not tiny_warehouse.failed_nodes()
