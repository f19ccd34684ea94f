"""The preset small, from the command to the last test of dbt: what a user's first hour is like."""

from __future__ import annotations

from pathlib import Path

from generators.run import main as generate
from tests.python.warehouse import Warehouse


def test_small_is_generated_and_built(tmp_path: Path) -> None:
    lake = tmp_path / "lake"
    assert generate(["--preset", "small", "--lake", str(lake)]) == 0
    warehouse = Warehouse("duckdb", lake, tmp_path)
    warehouse.dbt("build")
    assert not warehouse.failed_nodes()
