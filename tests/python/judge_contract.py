"""Outside judges over what a lake says of itself: `make judges`. They come in an environment of their own.

datacontract-cli holds every table of the preset tiny against its contract; frictionless and mlcroissant load the lake by its
descriptions alone. Each of them finds a planted fault.
"""

from __future__ import annotations

import shutil
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from generators.description import describe_lake
from generators.engine.lake import read_manifest
from generators.engine.storage import storage
from tests.python.environments import FOLDER, run_in
from tests.python.warehouse import ROOT

CONTRACTS = ROOT / "docs" / "contract"
JUDGES = ("datacontract", "frictionless", "mlcroissant")


def complaints(judge: str, root: Path, source: str = "*") -> list[str]:
    """What a judge has against the lake in `data/lake` below a folder."""
    asked = (CONTRACTS, root, source) if judge == "datacontract" else (root / "data" / "lake",)
    done = run_in("judges", "python", FOLDER / "judge_lake.py", judge, *asked)
    assert done.returncode == bool(done.stdout), done.stderr
    return done.stdout.splitlines()


@pytest.mark.parametrize("judge", JUDGES)
def test_tiny_is_what_it_says(judge: str, tiny_lake: Path, tmp_path: Path) -> None:
    (tmp_path / "data").mkdir()
    (tmp_path / "data" / "lake").symlink_to(tiny_lake)
    assert complaints(judge, tmp_path) == []


@pytest.fixture
def reference_lake(tiny_lake: Path, tmp_path: Path) -> Path:
    """The reference data of tiny as a lake of its own, below a folder of its own."""
    lake = tmp_path / "data" / "lake"
    shutil.copytree(tiny_lake / "ref", lake / "ref")
    manifest = read_manifest(storage(tiny_lake))
    tables = {name: entry for name, entry in manifest.tables.items() if name.startswith("ref.")}
    describe_lake(storage(lake), replace(manifest, tables=tables))
    return tmp_path


def without_a_column(countries: pa.Table) -> pa.Table:
    return countries.drop_columns(["hemisphere"])


def with_another_value(countries: pa.Table) -> pa.Table:
    return countries.set_column(
        countries.column_names.index("hemisphere"), "hemisphere", pa.array(["east"] * countries.num_rows)
    )


def with_a_second_key(countries: pa.Table) -> pa.Table:
    return pa.concat_tables([countries, countries.slice(0, 1)])


@pytest.mark.parametrize("judge", JUDGES)
def test_a_part_of_it_is_what_it_says(judge: str, reference_lake: Path) -> None:
    """So that what is found below is the fault."""
    assert complaints(judge, reference_lake, "ref") == []


@pytest.mark.parametrize(
    ("judge", "fault"),
    [
        *((judge, without_a_column) for judge in JUDGES),
        ("datacontract", with_another_value),
        ("frictionless", with_another_value),
        ("datacontract", with_a_second_key),
        ("frictionless", with_a_second_key),
    ],
)
def test_a_planted_fault_is_found(judge: str, fault: Callable[[pa.Table], pa.Table], reference_lake: Path) -> None:
    path = next((reference_lake / "data" / "lake" / "ref" / "countries").glob("*.parquet"))
    pq.write_table(fault(pq.read_table(path)), path)
    assert complaints(judge, reference_lake, "ref")
