"""A lake that grows step by step is the lake that went there at once, and what it held before stays as it was."""

from pathlib import Path

import duckdb
import pytest

from generators.engine.lake import read_manifest
from generators.engine.storage import storage
from tests.python.command import generate

PRESET = ("--preset", "tiny", "--domain", "sales")
STEPS = ("2025-07-01", "2025-10-17", "2026-01-01", "2026-03-15")


def grow(lake: Path, until: str, *arguments: str) -> None:
    done = generate(*PRESET, "--until", until, "--lake", lake, *arguments)
    assert done.returncode == 0, done.stderr


def files_of(lake: Path) -> dict[str, str]:
    """Checksums of the files that have rows; the manifest's own table is written anew."""
    manifest = read_manifest(storage(lake))
    return {entry.path: entry.sha256 for entry in manifest.files if entry.rows and entry.table != "meta.generation_manifest"}


@pytest.fixture(scope="module")
def at_once(tmp_path_factory: pytest.TempPathFactory) -> Path:
    lake = tmp_path_factory.mktemp("at_once") / "lake"
    grow(lake, STEPS[-1])
    return lake


@pytest.fixture(scope="module")
def grown(tmp_path_factory: pytest.TempPathFactory) -> Path:
    lake = tmp_path_factory.mktemp("grown") / "lake"
    before: dict[str, str] = {}
    for until in STEPS:
        grow(lake, until)
        assert all(storage(lake).checksum(path) == sha256 for path, sha256 in before.items())
        before = files_of(lake)
    return lake


def test_growing_step_by_step_gives_the_rows_of_one_step(grown: Path, at_once: Path) -> None:
    different: dict[str, int] = {}
    for table in read_manifest(storage(at_once)).tables:
        if table != "meta.generation_manifest":
            left, right = (f"read_parquet('{lake / table.replace('.', '/')}/*.parquet')" for lake in (grown, at_once))
            for one, other in ((left, right), (right, left)):
                rows = duckdb.execute(f"select count(*) from (from {one} except all from {other})").fetchall()[0][0]
                different[table] = different.get(table, 0) + rows
    assert not {table: rows for table, rows in different.items() if rows}
    assert len(different) > 25


def test_most_tables_grow(grown: Path) -> None:
    new = {entry.table for entry in read_manifest(storage(grown)).files if "-since-2026-01-01" in entry.path}
    assert {"oms.orders", "fin.payments", "rma.returns", "wms.stock_movements", "crm.customers", "pim.product_prices"} <= new


def test_a_lake_that_reaches_further_is_left_alone(grown: Path) -> None:
    before = files_of(grown)
    done = generate(*PRESET, "--until", "2026-01-01", "--lake", grown)
    assert done.returncode == 1
    assert "reaches until 2026-03-15 already" in done.stderr
    assert files_of(grown) == before


def test_another_scenario_cannot_go_on(grown: Path) -> None:
    done = generate(*PRESET, "--until", "2026-05-01", "--seed", 2, "--lake", grown)
    assert done.returncode == 1
    assert "was generated with another scenario (seed: 1, now 2)" in done.stderr


@pytest.mark.parametrize(("until", "message"), [("2024-01-01", "begin on 2025-01-01"), ("soon", "soon is not a day")])
def test_an_impossible_day_is_refused(until: str, message: str, tmp_path: Path) -> None:
    done = generate(*PRESET, "--until", until, "--lake", tmp_path / "lake")
    assert done.returncode == 2
    assert message in done.stderr
    assert not (tmp_path / "lake").exists()


def test_an_unknown_effect_is_refused(tmp_path: Path) -> None:
    done = generate(*PRESET, "--without", "weather", "--lake", tmp_path / "lake")
    assert done.returncode == 2
    assert "no such effect; choose from weekday, season" in done.stderr
