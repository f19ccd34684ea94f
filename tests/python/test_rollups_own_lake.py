"""Bring your own: a lake with one tag and five readings, without a manifest, is rolled up and tested by one command."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import duckdb
import pytest

from tests.python.rollup_reference import MINUTE, Reading, Tag
from tests.python.rollup_states import assert_equal
from tests.python.tag_lakes import TagLake
from tests.python.warehouse import Warehouse

TODAY = 1_750_000_000_000_000 // MINUTE * MINUTE


def readings(*steps: int | None, since: int = TODAY) -> list[Reading]:
    """A value every forty seconds; without one the quality is bad."""
    return [
        Reading(since + number * 40_000_000, 0, value, 0 if value is None else 192, since + number * 40_000_000)
        for number, value in enumerate(steps)
    ]


def own_lake(folder: Path, *series: tuple[Tag, list[Reading]]) -> Warehouse:
    """An empty warehouse for a lake without a manifest, with the readings of each tag."""
    lake = TagLake(folder / "lake", [tag for tag, _ in series])
    lake.find([(tag, reading) for tag, found in series for reading in found])
    return Warehouse("duckdb", lake.without_manifest().root, folder)


@pytest.mark.parametrize(
    "series",
    [
        [(Tag(1, 1.0, False, 600, 0.0, 100.0), readings(3, -2, None, 7, 7))],
        [
            (Tag(1, 1e-9, False, 600, 0.0, 1e-6), readings(1, -999, None, 10**12, 5)),
            (Tag(2, 1.0, False, 600, -1e12, 1e12), readings(10**12, -(10**12), None, 1, 0)),
            (Tag(3, 0.25, True, 600, -100.0, 0.0), readings(-1, -(10**13) + 1, None, -400, 10**13 - 1)),
        ],
    ],
    ids=["five readings", "any range and resolution"],
)
def test_a_lake_of_ones_own_is_rolled_up(series: list[tuple[Tag, list[Reading]]], tmp_path: Path) -> None:
    warehouse = own_lake(tmp_path, *series)
    done = warehouse.dbt("build", "--select", "chemical.rollups")
    assert "PASS never_null_fct_readings_by_local_day" in done.stdout
    assert "PASS assert_days_equal_the_readings" in done.stdout
    with duckdb.connect(str(warehouse.database), read_only=True) as connection:
        assert_equal(connection, [tag for tag, _ in series], [(tag, reading) for tag, found in series for reading in found])


def test_beyond_the_limits_the_build_fails(tmp_path: Path) -> None:
    tag = Tag(1, 1.0, True, 600, 0.0, 100.0)
    (tmp_path / "early").mkdir()
    early = own_lake(tmp_path / "early", (tag, readings(1, 2, since=-10 * MINUTE)), (replace(tag, tag_id=2), readings(1, 2)))
    early.dbt("build", "--select", "int_reading_minutes", check=False)
    assert early.failed_nodes() == {"assert_rolled_up_readings_lie_between_1970_and_2254"}
    with duckdb.connect(str(early.database)) as connection:
        connection.execute("delete from intermediate.int_reading_minutes where tag_id = 1")
    early.dbt("test", "--select", "assert_rolled_up_readings_lie_between_1970_and_2254")

    (tmp_path / "great").mkdir()
    great = early.with_lake(own_lake(tmp_path / "great", (tag, readings(0, 10**13, 0))).lake, tmp_path / "great")
    done = great.dbt("run", "--select", "int_reading_minutes", check=False)
    assert done.returncode == 1
    assert "Could not cast value 10000000000000.000000 to DECIMAL(13,0)" in done.stdout
