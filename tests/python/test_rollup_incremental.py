"""Roll-ups that grow with the lake equal those built afresh, whatever the order in which files are found."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import duckdb
import pyarrow as pa
import pyarrow.compute as pc
import pytest

from generators.chemical.families import FAMILIES
from generators.engine.lake import write_chunk
from generators.engine.plan import Chunk
from generators.scenario import ChemicalShape, load_scenario
from tests.python.warehouse import Warehouse

LEVELS = ("minute", "quarter_hour", "hour", "day")
LEDGER = "historian.ingest_files"


class GrowingLake:
    """A lake of two units and one day, without a manifest, whose files of readings are found one after the other."""

    def __init__(self, root: Path) -> None:
        self.root = root
        self._held_back: dict[str, Chunk] = {}
        scenario = replace(
            load_scenario("tiny", seed=1), chemical=ChemicalShape(organizations=1, units=2, tags=44, days=1, faults=1)
        )
        ledger = []
        for family in FAMILIES:
            for part in family.parts(scenario):
                self._part = part
                for chunk in family.generate(scenario, part):
                    if chunk.table == "historian.readings":
                        self._held_back[chunk.path] = chunk
                    elif chunk.table == LEDGER:
                        ledger.append(chunk.rows)
                    elif not chunk.table.startswith("truth."):
                        write_chunk(root, part, chunk)
        self.ledger = pa.concat_tables(ledger)
        self._found: list[str] = []

    def find(self, files: pa.Table) -> None:
        """Let the files of these rows of the ledger arrive."""
        for path in files["path"].to_pylist():
            write_chunk(self.root, self._part, self._held_back.pop(path))
            self._found.append(path)
        rows = self.ledger.filter(pc.is_in(self.ledger["path"], pa.array(self._found)))
        write_chunk(self.root, self._part, Chunk(LEDGER, "part-all.parquet", rows))


def rolled_up(database: Path) -> dict[str, list[tuple[object, ...]]]:
    """The rows of every level, in order of their keys."""
    with duckdb.connect(str(database), read_only=True) as connection:
        return {
            level: connection.sql(f"select * from chemical.fct_readings_by_{level} order by reading_bucket_key").fetchall()
            for level in LEVELS
        }


@pytest.fixture(scope="module")
def lake(tmp_path_factory: pytest.TempPathFactory) -> GrowingLake:
    return GrowingLake(tmp_path_factory.mktemp("growing") / "lake")


def test_a_roll_up_that_grew_equals_one_built_afresh(lake: GrowingLake, tmp_path: Path) -> None:
    grown = Warehouse("duckdb", lake.root, tmp_path)
    is_late = lake.ledger["is_late"]
    late, on_time = lake.ledger.filter(is_late), lake.ledger.filter(pc.invert(is_late))
    assert late.num_rows == 1
    # The late file is found last although it arrived first: no watermark would see it.
    assert pc.max(late["arrived_at"]).as_py() < pc.min(on_time["arrived_at"]).as_py()
    seen = []
    for files in (on_time.slice(0, 1), on_time.slice(1), late):
        lake.find(files)
        grown.dbt("run", "--select", "chemical.rollups")
        seen.append(rolled_up(grown.database))

    grown.dbt("run", "--select", "chemical.rollups", "--full-refresh")
    expected = rolled_up(grown.database)
    for level in LEVELS:
        assert seen[0][level] != seen[1][level] != seen[2][level], f"a file changed nothing by {level}"
        assert seen[2][level] == expected[level], f"by {level}"
