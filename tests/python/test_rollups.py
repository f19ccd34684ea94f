"""Every column of every level equals what is computed straight from the readings, on readings as nasty as they come."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import fields
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import duckdb
import pyarrow as pa
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from generators.engine.columns import schema_of
from tests.python.rollup_reference import MINUTE, Reading, Tag, roll_up
from tests.python.warehouse import Warehouse

LEVELS = {"minute": 1, "quarter_hour": 15, "hour": 60, "day": 1440}


class Models(list[tuple[str, str, str]]):
    """Schema, name and compiled SQL of models, in the order in which they are built."""

    def __repr__(self) -> str:
        """Short, since hypothesis prints it."""
        return f"{len(self)} models"


ZONE = "Europe/Berlin"
# The hours around which the clocks of the zone went forward, and the day before began.
MIDNIGHT = int(datetime(2025, 3, 29, 23, tzinfo=UTC).timestamp()) * 1_000_000

UNPACKED = """
    reading_count, duplicate_count, good_count, uncertain_count, late_count, worst_quality, value_sum, value_square_sum,
    (minimum_packed >> 53) - 1125899906842624 as minimum_eighths,
    minimum_packed & 9007199254740991 as minimum_us,
    (maximum_packed >> 53) - 1125899906842624 as maximum_eighths,
    9007199254740991 - (maximum_packed & 9007199254740991) as maximum_us,
    first_packed >> 62 as first_us,
    nullif((first_packed & 4611686018427387903) >> 16, 0) - 17592186044416 as first_steps,
    first_packed & 65535 as first_quality,
    last_packed >> 62 as last_us,
    nullif((last_packed & 4611686018427387903) >> 16, 0) - 17592186044416 as last_steps,
    last_packed & 65535 as last_quality,
    start_bound_eighths, end_bound_eighths, double_area, triple_square_area, duration_good_us, duration_uncertain_us,
    duration_bad_us, duration_zero_us, transition_count, increase_steps, decrease_count,
    epoch_us(last_ingested_at) as last_ingested_us
"""


@pytest.fixture(scope="module")
def models(tmp_path_factory: pytest.TempPathFactory) -> Models:
    """The roll-ups."""
    folder = tmp_path_factory.mktemp("compiled")
    warehouse = Warehouse("duckdb", folder / "lake", folder)
    warehouse.dbt("compile", "--select", "chemical.rollups")
    nodes = {
        name: node
        for name, node in warehouse.manifest["nodes"].items()
        if node["resource_type"] == "model" and "rollups" in node["fqn"] and node["config"]["materialized"] != "ephemeral"
    }
    ordered: list[str] = []
    while len(ordered) < len(nodes):
        ordered += [
            name
            for name, node in nodes.items()
            if name not in ordered and all(parent in ordered or parent not in nodes for parent in node["depends_on"]["nodes"])
        ]
    compiled = folder / "target" / "compiled" / "saltworks"
    return Models(
        (nodes[name]["schema"], nodes[name]["name"], (compiled / nodes[name]["original_file_path"]).read_text())
        for name in ordered
    )


def moment(microseconds: int) -> datetime:
    """As a timestamp of the lake."""
    return datetime(1970, 1, 1) + timedelta(microseconds=microseconds)


def raw_table(connection: duckdb.DuckDBPyConnection, name: str, rows: dict[str, list[object]]) -> None:
    """A declared table that holds the rows; columns that are not named are null."""
    empty = schema_of(name).empty_table()
    given_rows = pa.table({column: pa.array(values, empty.schema.field(column).type) for column, values in rows.items()})
    connection.register("empty", empty)
    connection.register("given_rows", given_rows)
    connection.execute(f"create or replace table raw_{name} as from empty")
    connection.execute(f"insert into raw_{name} by name from given_rows")


def add_readings(connection: duckdb.DuckDBPyConnection, rows: list[tuple[Tag, Reading]]) -> None:
    """The table of readings, in the order of the rows."""
    raw_table(
        connection,
        "historian.readings",
        {
            "org_id": [1] * len(rows),
            "tag_id": [tag.tag_id for tag, _ in rows],
            "measured_at": [moment(reading.at) for _, reading in rows],
            "seq": [reading.seq for _, reading in rows],
            "value": [None if reading.steps is None else reading.steps * tag.resolution for tag, reading in rows],
            "quality": [reading.quality for _, reading in rows],
            "ingested_at": [moment(reading.ingested_at) for _, reading in rows],
            "file_id": [1] * len(rows),
            "event_date": [moment(reading.at).date() for _, reading in rows],
        },
    )


def warehouse_of(models: Models, tags: list[Tag], rows: list[tuple[Tag, Reading]]) -> duckdb.DuckDBPyConnection:
    """An in-memory warehouse with the roll-ups of the readings."""
    connection = duckdb.connect()
    connection.execute("set TimeZone = 'UTC'; attach ':memory:' as warehouse; use warehouse")
    for schema in ("raw_asset", "raw_historian", "intermediate", "chemical"):
        connection.execute(f"create schema {schema}")
    raw_table(connection, "asset.sites", {"org_id": [1], "site_id": [1], "time_zone": [ZONE]})
    raw_table(connection, "asset.plants", {"org_id": [1], "plant_id": [1], "site_id": [1]})
    raw_table(connection, "asset.units", {"org_id": [1], "unit_id": [1], "plant_id": [1]})
    raw_table(
        connection,
        "asset.tags",
        {"org_id": [1] * len(tags), "unit_id": [1] * len(tags)}
        | {field.name: [getattr(tag, field.name) for tag in tags] for field in fields(Tag)},
    )
    add_readings(connection, rows)
    for schema, name, query in models:
        connection.execute(f"create {'view' if name.startswith('fct') else 'table'} {schema}.{name} as {query}")
    return connection


def utc_buckets(minutes: int) -> Callable[[int], tuple[int, int]]:
    """Begin and end of the bucket that holds an instant."""
    width = minutes * MINUTE
    return lambda at: (at // width * width, (at // width + 1) * width)


def local_day(at: int) -> tuple[int, int]:
    """Begin and end of the day in the site's zone."""
    midnight = datetime.fromtimestamp(at // 1_000_000, ZoneInfo(ZONE)).replace(hour=0, minute=0, second=0)
    next_midnight = (midnight + timedelta(days=1)).replace(hour=0)
    return int(midnight.timestamp()) * 1_000_000, int(next_midnight.timestamp()) * 1_000_000


BUCKETS = {level: utc_buckets(minutes) for level, minutes in LEVELS.items()} | {"local_day": local_day}


def assert_equal(connection: duckdb.DuckDBPyConnection, tags: list[Tag], rows: list[tuple[Tag, Reading]]) -> None:
    """Every state and histogram of every level is what the reference computes."""
    for level, bucket_of in BUCKETS.items():
        expected = {
            (tag.tag_id, begin): state
            for tag in tags
            for begin, state in roll_up(tag, [reading for other, reading in rows if other is tag], bucket_of).items()
        }
        cursor = connection.execute(
            f"select tag_id, epoch_us(bucket_at) as begin, {UNPACKED} from intermediate.int_readings_by_{level}"
        )
        names = [column[0] for column in cursor.description]
        found = {row[:2]: dict(zip(names[2:], row[2:], strict=True)) for row in cursor.fetchall()}
        for state in found.values():
            state["bins"] = {}
        for tag_id, begin, bin_no, count in connection.execute(
            f"select tag_id, epoch_us(bucket_at), bin, reading_count from intermediate.int_reading_bins_by_{level}"
        ).fetchall():
            found[tag_id, begin]["bins"][bin_no] = count
        assert found.keys() == expected.keys(), level
        for key, state in expected.items():
            different = {name: (found[key][name], value) for name, value in state.items() if found[key][name] != value}
            assert not different, (level, key)


GAPS = [0, 1, 400_000, 1_000_000, 20_000_000, MINUTE - 1, MINUTE, 3 * MINUTE + 7, 15 * MINUTE, 100 * MINUTE, 700 * MINUTE]
STEPS = st.one_of(st.integers(-3, 3), st.integers(-200, 200), st.sampled_from([0, 10**12, -(10**12), 77_777_777_777]))


@st.composite
def series(draw: st.DrawFn, tag_id: int) -> tuple[Tag, list[Reading]]:
    """A tag and its readings: ties, edges of buckets, gaps, duplicates, bad and uncertain ones, in any order."""
    low = draw(st.sampled_from([0.0, -50.0]))
    tag = Tag(
        tag_id=tag_id,
        resolution=draw(st.sampled_from([1.0, 0.5, 0.1, 0.01, 0.0001, 1e-9, 5.0])),
        is_stepped=draw(st.booleans()),
        max_hold_seconds=draw(st.sampled_from([1, 7, 60, 61, 600, 4000, 90_000])),
        range_low=low,
        range_high=low + draw(st.sampled_from([0.0, 1.0, 100.0])),
    )
    at = MIDNIGHT + draw(st.sampled_from([0, -1, 5_000_000, 1430 * MINUTE]))
    readings: list[Reading] = []
    for _ in range(draw(st.integers(1, 12))):
        if draw(st.booleans()):
            at += draw(st.sampled_from(GAPS))
        else:
            at = (at // MINUTE + 1) * MINUTE
        quality = draw(st.sampled_from([192, 192, 192, 216, 64, 85, 0, 24]))
        steps = None if quality < 64 or draw(st.integers(0, 9)) == 0 else draw(STEPS)
        seq = sum(reading.at == at for reading in readings)
        delay = draw(st.sampled_from([0, 2_000_000, 20 * MINUTE]))
        readings.append(Reading(at, seq, steps, quality, at + delay))
    return tag, draw(st.one_of(st.just(readings), st.permutations(readings)))


@st.composite
def lakes(draw: st.DrawFn) -> tuple[list[Tag], list[tuple[Tag, Reading]]]:
    """Tags, and the rows of their readings, one tag after the other."""
    drawn = [draw(series(tag_id)) for tag_id in range(1, 1 + draw(st.integers(1, 12)))]
    return [tag for tag, _ in drawn], [(tag, reading) for tag, readings in drawn for reading in readings]


@settings(max_examples=30, deadline=None, suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large])
@given(lake=lakes())
def test_every_level_equals_the_readings(models: Models, lake: tuple[list[Tag], list[tuple[Tag, Reading]]]) -> None:
    tags, rows = lake
    with warehouse_of(models, tags, rows) as connection:
        assert_equal(connection, tags, rows)
