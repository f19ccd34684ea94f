"""Negative controls: a raw table is corrupted in one way, and the test that guards against it goes red."""

from __future__ import annotations

import shutil
from pathlib import Path

import duckdb
import pytest

from tests.python import chemical_controls, sales_controls
from tests.python.corruption import corrupted
from tests.python.warehouse import Warehouse

CONTROLS = sales_controls.CONTROLS | chemical_controls.CONTROLS
MART_CONTROLS = sales_controls.MART_CONTROLS | chemical_controls.MART_CONTROLS


def batches() -> list[list[str]]:
    """The controls in as few groups as possible, each of which corrupts no table and expects no test twice."""
    groups: list[list[str]] = []
    for name, control in CONTROLS.items():
        for group in groups:
            others = [CONTROLS[other] for other in group]
            if all(control.table != other.table and control.test != other.test for other in others):
                group.append(name)
                break
        else:
            groups.append([name])
    return groups


@pytest.mark.parametrize("controls", batches(), ids=lambda group: f"{group[0]} and {len(group) - 1} more")
def test_a_corruption_turns_its_test_red(controls: list[str], tiny_warehouse: Warehouse, tmp_path: Path) -> None:
    corruptions = [CONTROLS[control] for control in controls]
    tests = {corruption.test for corruption in corruptions}
    warehouse = tiny_warehouse.with_lake(corrupted(tiny_warehouse.lake, corruptions, tmp_path / "lake"), tmp_path)
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
