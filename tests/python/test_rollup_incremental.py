"""Roll-ups that grow with the lake equal those built afresh, on every engine, and write only what a reading reaches."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path

import duckdb
import polars as pl
import pytest

from ingest.connection import Target
from ingest.run import main as ingest
from tests.python.command import generate
from tests.python.engines import read_duckdb, read_postgres, read_spark, spark_session
from tests.python.rollup_reference import MINUTE, Reading, Tag
from tests.python.rollup_states import LEVELS, assert_equal
from tests.python.tag_lakes import TagLake
from tests.python.warehouse import Warehouse

SECOND = 1_000_000
DAY = 1440 * MINUTE
MONTH_AGO = int(datetime(2025, 3, 1, 8, tzinfo=UTC).timestamp()) * SECOND
NOW = MONTH_AGO + 29 * DAY

SLOPED = Tag(1, 0.1, False, 600, 0.0, 100.0)
STEPPED = Tag(2, 1.0, True, 4000, 0.0, 10.0)
SPARSE = Tag(3, 0.01, False, 90_000, -5.0, 5.0)
TAGS = [SLOPED, STEPPED, SPARSE]
TABLES = [
    "int_reading_minutes",
    *(f"int_{kind}_by_{level}" for kind in ("readings", "reading_bins") for level in (*LEVELS, "local_day")),
]


def good(at: int, steps: int, delay: int = 2 * SECOND) -> Reading:
    return Reading(at, 0, steps, 192, at + delay)


# Every twenty seconds, a month ago and now; a state and a slow analyser. Two local days of 23 and 25 hours are among them.
FIRST = [
    *(
        (SLOPED, good(since + 20 * SECOND * number, number * number % 700))
        for since in (MONTH_AGO, NOW)
        for number in range(60)
    ),
    *((STEPPED, good(NOW + 7 * MINUTE * number, number % 3)) for number in range(12)),
    *((SPARSE, good(MONTH_AGO + 5 * DAY * number, 40 * number - 100)) for number in range(7)),
    (STEPPED, good(int(datetime(2025, 10, 26, 12, tzinfo=UTC).timestamp()) * SECOND, 3)),
]
# Appended; late, far between its neighbours; before all others; corrected, to bad as well, where it was the only one of its
# minute; a copy that had arrived before the one that counts; a day that had none.
NEWS = [
    *((SLOPED, good(NOW + 20 * SECOND * number, 5 * number)) for number in range(60, 120)),
    (SPARSE, good(MONTH_AGO + 12 * DAY + 17 * SECOND, 222, delay=3 * DAY)),
    (SPARSE, good(MONTH_AGO + 22 * DAY, 7, delay=8 * DAY)),
    (STEPPED, good(NOW - 2 * DAY, 1, delay=3 * DAY)),
    (STEPPED, Reading(NOW + 28 * MINUTE, 1, None, 24, NOW + DAY)),
    (STEPPED, Reading(NOW + 35 * MINUTE, 1, 9, 64, NOW + DAY)),
    (SPARSE, Reading(MONTH_AGO + 25 * DAY, 1, 1, 192, MONTH_AGO + 25 * DAY + SECOND)),
]
# One reading of the dense month-old hour, and one with days before and after it.
DENSE_AT = MONTH_AGO + 20 * SECOND * 30
SPARSE_AT = MONTH_AGO + 10 * DAY
CORRECTIONS = [
    (SLOPED, Reading(DENSE_AT, 1, 690, 192, NOW + DAY)),
    (SPARSE, Reading(SPARSE_AT, 1, -400, 192, NOW + DAY)),
]

Rows = dict[str, pl.DataFrame]


def grown_and_afresh(warehouse: Warehouse, lake: TagLake, arrive: Callable[[], None] = lambda: None) -> Iterator[str]:
    """What the warehouse holds now: after each of the three arrivals, and built afresh from all of them."""
    for name, found in (("first", FIRST), ("with news", NEWS), ("corrected", CORRECTIONS)):
        lake.find(found)
        arrive()
        warehouse.dbt("run", "--select", "chemical.rollups")
        yield name
    warehouse.dbt("run", "--select", "chemical.rollups", "--full-refresh")
    yield "afresh"


def sorted_content(rows: Rows) -> Rows:
    """The rows in order, without the number of the run that wrote them."""
    return {
        name: table.drop("revision").sort([key for key in ("reading_bucket_key", "bin") if key in table.columns])
        for name, table in rows.items()
    }


def assert_same(grown: Rows, afresh: Rows) -> None:
    left, right = sorted_content(grown), sorted_content(afresh)
    differing = {
        name: [left[name].join(right[name], on=left[name].columns, how="anti", nulls_equal=True).rows(named=True)[:1]]
        for name in TABLES
        if not left[name].equals(right[name])
    }
    assert not differing


@pytest.fixture(scope="module")
def on_duckdb(tmp_path_factory: pytest.TempPathFactory) -> tuple[Warehouse, list[Rows]]:
    lake = TagLake(tmp_path_factory.mktemp("growing") / "lake", TAGS)
    warehouse = Warehouse("duckdb", lake.root, tmp_path_factory.mktemp("grown"))
    seen = [{name: read_duckdb(warehouse, "intermediate", name) for name in TABLES} for _ in grown_and_afresh(warehouse, lake)]
    return warehouse, seen


def test_what_grew_equals_what_is_built_afresh(on_duckdb: tuple[Warehouse, list[Rows]]) -> None:
    warehouse, (first, with_news, corrected, afresh) = on_duckdb
    for name in TABLES:
        assert not sorted_content(first)[name].equals(sorted_content(with_news)[name]), f"nothing new in {name}"
    assert_same(corrected, afresh)
    with duckdb.connect(str(warehouse.database), read_only=True) as connection:
        assert_equal(connection, TAGS, FIRST + NEWS + CORRECTIONS)


def written(before: pl.DataFrame, after: pl.DataFrame) -> set[tuple[int, int]]:
    """Tag and start, in minutes since 1970, of the buckets that are not as they were, number of the run and all."""
    changed = after.join(before, on=after.columns, how="anti", nulls_equal=True)
    assert before.join(after, on="reading_bucket_key", how="anti").is_empty()
    return {divmod(key, 10**9) for key in changed["reading_bucket_key"].to_list()}


def test_old_corrections_cost_the_minutes_between_their_neighbours(on_duckdb: tuple[Warehouse, list[Rows]]) -> None:
    _, (_, before, after, _) = on_duckdb
    dense, sparse = DENSE_AT // MINUTE, SPARSE_AT // MINUTE
    own = {(SLOPED.tag_id, dense), (SPARSE.tag_id, sparse)}
    assert written(before["int_reading_minutes"], after["int_reading_minutes"]) == own
    assert written(before["int_reading_bins_by_minute"], after["int_reading_bins_by_minute"]) == own
    held = SPARSE.max_hold_seconds // 60
    reached = {
        *((SLOPED.tag_id, dense + offset) for offset in (-1, 0, 1)),
        *((SPARSE.tag_id, sparse + days * 1440 + offset) for days in (-5, 0) for offset in range(held)),
        (SPARSE.tag_id, sparse + 2 * 1440),
    }
    for level, minutes in LEVELS.items():
        parents = {(tag, at // minutes * minutes) for tag, at in reached}
        name = f"int_readings_by_{level}"
        assert written(before[name], after[name]) == parents, level


def test_a_plant_that_runs_another_day_grows_alike(tmp_path: Path) -> None:
    """Readings as instruments give them: on a generated lake DuckDB has failed where it had not on a few rows."""
    lake = tmp_path / "lake"
    warehouse = Warehouse("duckdb", lake, tmp_path / "warehouse")

    def built(*arguments: str) -> Rows:
        warehouse.dbt("run", "--select", "chemical.rollups", *arguments)
        return {name: read_duckdb(warehouse, "intermediate", name) for name in TABLES}

    of_plants = ("--preset", "tiny", "--domain", "chemical", "--lake", lake)
    assert generate(*of_plants).returncode == 0
    first = built()
    assert generate(*of_plants, "--until", "2026-01-02").returncode == 0
    grown = built()
    assert first["int_readings_by_day"].height < grown["int_readings_by_day"].height
    assert_same(grown, built("--full-refresh"))


def test_postgres_grows_alike(on_duckdb: tuple[Warehouse, list[Rows]], database: Target, tmp_path: Path) -> None:
    own = TagLake(tmp_path / "lake", TAGS)
    reference, expected = on_duckdb
    warehouse = Warehouse("postgres", own.root, tmp_path, database.variables)

    def arrive() -> None:
        assert ingest(["--lake", str(own.root)]) == 0

    corrected, afresh = [
        {name: read_postgres(database, reference, "intermediate", name) for name in TABLES}
        for held in grown_and_afresh(warehouse, own, arrive)
        if held in ("corrected", "afresh")
    ]
    assert_same(corrected, afresh)
    assert_same(corrected, expected[3])


def test_spark_grows_alike(on_duckdb: tuple[Warehouse, list[Rows]], tmp_path: Path) -> None:
    own = TagLake(tmp_path / "lake", TAGS)
    _, expected = on_duckdb
    warehouse = Warehouse("spark", own.root, tmp_path)

    def rows_of() -> Rows:
        with spark_session(warehouse) as session:
            return {
                name: read_spark(session, "intermediate", name).select(
                    pl.col(column).cast(kind) for column, kind in expected[3][name].schema.items()
                )
                for name in TABLES
            }

    corrected, afresh = [rows_of() for held in grown_and_afresh(warehouse, own) if held in ("corrected", "afresh")]
    assert_same(corrected, afresh)
    assert_same(corrected, expected[3])
