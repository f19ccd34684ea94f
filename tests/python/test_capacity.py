"""The capacity plan agrees with lakes that were generated, and needs nothing of what it plans."""

from __future__ import annotations

import subprocess
import sys
from datetime import date
from pathlib import Path

import pytest

from generators.capacity import ROWS, Amount, Run, capacity, measured_runs
from generators.engine.lake import read_manifest
from generators.engine.storage import storage
from generators.scenario import load_scenario
from generators.schema.catalog import TABLES
from tests.python.command import command, generate

NEAR = 0.15
FIXED = {
    "crm.customers",
    "crm.sales_targets",
    "iam.role_permissions",
    "oms.orders",
    "pim.products",
    "ref.countries",
    "ref.currencies",
    "ref.markets",
    "truth.latent_customers",
    "wms.warehouses",
    "asset.plants",
    "asset.sites",
    "asset.tags",
    "asset.units",
}
RUNS = measured_runs()
EXTRAPOLATED = [run for run in RUNS if run.scenario.preset in ("medium", "large")]


def name(run: Run) -> str:
    return " ".join([run.scenario.preset, *run.scenario.domains, f"workers {run.workers}"])


def smaller(run: Run) -> list[Run]:
    """The runs of smaller presets."""
    return [other for other in RUNS if other.scenario.sales.orders < run.scenario.sales.orders]


def total(run: Run) -> Amount:
    files, rows, size = (sum(column) for column in zip(*run.tables.values(), strict=True))
    return Amount(files, rows, size)


@pytest.mark.parametrize("run", RUNS, ids=name)
def test_the_plan_agrees_with_every_run(run: Run) -> None:
    planned, found = capacity(run.scenario, run.workers, RUNS), total(run)
    assert planned.total.files == pytest.approx(found.files, rel=NEAR)
    assert planned.total.rows == pytest.approx(found.rows, rel=NEAR)
    assert planned.total.bytes == pytest.approx(found.bytes, rel=NEAR)
    assert planned.cpu_seconds == pytest.approx(run.cpu_seconds, rel=NEAR)
    assert planned.worker_megabytes == pytest.approx(run.peak_megabytes, rel=NEAR)


@pytest.mark.parametrize("run", EXTRAPOLATED, ids=name)
def test_a_preset_is_planned_from_smaller_ones(run: Run) -> None:
    planned, found = capacity(run.scenario, run.workers, smaller(run)), total(run)
    assert planned.total.rows == pytest.approx(found.rows, rel=NEAR)
    assert planned.total.bytes == pytest.approx(found.bytes, rel=NEAR)
    large = {table for table, (_, rows, _) in run.tables.items() if rows > found.rows / 100}
    wrong = {table for table in large if planned.tables[table].rows != pytest.approx(run.tables[table][1], rel=NEAR)}
    assert not wrong


@pytest.mark.parametrize("run", EXTRAPOLATED, ids=name)
def test_what_the_plan_fixes_is_exact(run: Run) -> None:
    planned = capacity(run.scenario, run.workers, smaller(run)).tables
    fixed = FIXED & run.tables.keys()
    assert {table: planned[table].rows for table in fixed} == {table: run.tables[table][1] for table in fixed}


def test_the_plan_agrees_with_tiny_as_it_is_now(tiny_lake: Path) -> None:
    lake, planned = read_manifest(storage(tiny_lake)).tables, capacity(load_scenario("tiny", 1), 2, RUNS)
    assert planned.tables.keys() == lake.keys()
    assert planned.total.rows == pytest.approx(sum(entry.rows for entry in lake.values()), rel=NEAR)
    assert planned.total.bytes == pytest.approx(sum(entry.bytes for entry in lake.values()), rel=NEAR)
    assert planned.tables["oms.orders"].rows == lake["oms.orders"].rows


def test_the_plan_of_an_earlier_end_agrees_with_it(tmp_path: Path) -> None:
    options = ("--preset", "tiny", "--domain", "sales", "--until", "2025-08-11")
    assert generate(*options, "--lake", tmp_path, "--workers", 1).returncode == 0
    lake = read_manifest(storage(tmp_path))
    scenario = load_scenario("tiny", 1, ("sales",), until=date(2025, 8, 11))
    planned = capacity(scenario, 1, RUNS)
    assert planned.tables["oms.orders"].rows == lake.tables["oms.orders"].rows
    assert planned.total.rows == pytest.approx(sum(entry.rows for entry in lake.tables.values()), rel=NEAR)


def test_every_table_has_something_to_grow_with() -> None:
    assert ROWS.keys() | {"meta.generation_manifest"} == set(TABLES)


# Starts a command and prints its peak in kilobytes. This small process does so, since a child's peak begins with its parent's.
MEASURED = """
import resource, subprocess, sys
subprocess.run(sys.argv[1:], check=True)
print("peak", resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss)
"""


def test_the_largest_preset_is_planned_in_little_memory(tmp_path: Path) -> None:
    planned = command("--preset", "enterprise", "--plan", "--lake", tmp_path / "lake")
    done = subprocess.run([sys.executable, "-c", MEASURED, *planned], capture_output=True, text=True, check=True)
    assert "100,000,000 rows" in done.stdout
    assert int(done.stdout.split()[-1]) < 600 * 1024
    assert not (tmp_path / "lake").exists()
