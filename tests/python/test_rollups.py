"""Every column of every level equals what is computed straight from the readings, on readings as nasty as they come."""

from __future__ import annotations

import re
from dataclasses import dataclass, fields
from datetime import UTC, datetime

import duckdb
import pyarrow as pa
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from generators.engine.columns import schema_of
from tests.python.rollup_reference import MINUTE, Reading, Tag
from tests.python.rollup_states import ZONE, assert_equal
from tests.python.tag_lakes import TagLake, moment
from tests.python.warehouse import Warehouse


@dataclass(frozen=True)
class Model:
    """A relation of the roll-ups with the queries that dbt runs: for all of it, and for what is new in it."""

    schema: str
    name: str
    is_view: bool
    query: str
    increment: str

    @property
    def relation(self) -> str:
        """Schema and name."""
        return f"{self.schema}.{self.name}"

    def build(self, connection: duckdb.DuckDBPyConnection) -> None:
        """Built afresh."""
        connection.execute(f"create {'view' if self.is_view else 'table'} {self.relation} as {self.query}")

    def grow(self, connection: duckdb.DuckDBPyConnection) -> None:
        """What is new takes the place of what had the same key, as dbt does it."""
        if not self.is_view:
            connection.execute(f"create or replace temp table news as {self.increment}")
            connection.execute(f"delete from {self.relation} where reading_bucket_key in (select reading_bucket_key from news)")
            connection.execute(f"insert into {self.relation} from news")


class Models(list[Model]):
    """In the order in which they are built."""

    def __repr__(self) -> str:
        """Short, since hypothesis prints it."""
        return f"{len(self)} models"


# The hours around which the clocks of the zone went forward, and the day before began.
MIDNIGHT = int(datetime(2025, 3, 29, 23, tzinfo=UTC).timestamp()) * 1_000_000


@pytest.fixture(scope="module")
def models(tmp_path_factory: pytest.TempPathFactory) -> Models:
    """The roll-ups."""
    folder = tmp_path_factory.mktemp("compiled")
    tag = Tag(1, 1.0, False, 60, 0.0, 1.0)
    lake = TagLake(folder / "lake", [tag])
    lake.find([(tag, Reading(MIDNIGHT, 0, 1, 192, MIDNIGHT))])
    warehouse = Warehouse("duckdb", folder / "lake", folder)
    compiled = folder / "target" / "compiled" / "saltworks"
    warehouse.dbt("run", "--select", "chemical.rollups")
    nodes = {
        name: node
        for name, node in warehouse.manifest["nodes"].items()
        if node["resource_type"] == "model" and "rollups" in node["fqn"] and node["config"]["materialized"] != "ephemeral"
    }
    queries = {name: (compiled / node["original_file_path"]).read_text() for name, node in nodes.items()}
    # Increments name the dates that have news: all dates of the series below.
    lake.find([(tag, Reading(at, 0, 1, 192, at)) for at in range(MIDNIGHT - 1, MIDNIGHT + 10 * 1440 * MINUTE, 1440 * MINUTE)])
    warehouse.dbt("run", "--select", "chemical.rollups")
    increments = {name: (compiled / node["original_file_path"]).read_text() for name, node in nodes.items()}
    ordered: list[str] = []
    while len(ordered) < len(nodes):
        ordered += [
            name
            for name, node in nodes.items()
            if name not in ordered and all(parent in ordered or parent not in nodes for parent in node["depends_on"]["nodes"])
        ]
    return Models(
        Model(
            nodes[name]["schema"],
            nodes[name]["name"],
            nodes[name]["config"]["materialized"] == "view",
            queries[name],
            increments[name],
        )
        for name in ordered
    )


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
    for model in models:
        model.build(connection)
    return connection


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


@settings(max_examples=5, deadline=None, suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large])
@given(lake=lakes())
def test_every_level_equals_the_readings(models: Models, lake: tuple[list[Tag], list[tuple[Tag, Reading]]]) -> None:
    tags, rows = lake
    with warehouse_of(models, tags, rows) as connection:
        assert_equal(connection, tags, rows)


@settings(max_examples=5, deadline=None, suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large])
@given(data=st.data(), lake=lakes())
def test_readings_may_be_found_in_any_order(
    models: Models, data: st.DataObject, lake: tuple[list[Tag], list[tuple[Tag, Reading]]]
) -> None:
    tags, rows = lake
    found_in = data.draw(st.lists(st.integers(0, 3), min_size=len(rows), max_size=len(rows)))
    first = [row for row, run in zip(rows, found_in, strict=True) if run == 0]
    with warehouse_of(models, tags, first) as connection:
        for last_run in (1, 2, 3):
            add_readings(connection, [row for row, run in zip(rows, found_in, strict=True) if run <= last_run])
            for model in models:
                model.grow(connection)
        assert_equal(connection, tags, rows)


def test_every_level_of_a_generated_lake_equals_its_readings(tiny_warehouse: Warehouse) -> None:
    """One tag of each kind, the one with most to go wrong: qualities, copies, late readings."""
    with duckdb.connect(str(tiny_warehouse.database), read_only=True) as connection:
        kinds = connection.execute(
            f"""
            select {", ".join(f"tags.{field.name}" for field in fields(Tag))}, sites.time_zone
            from raw_asset.tags as tags
            inner join raw_asset.units as units using (unit_id)
            inner join raw_asset.plants as plants using (plant_id)
            inner join raw_asset.sites as sites using (site_id)
            inner join (
                select tag_id, count(distinct (quality, seq, ingested_at > measured_at + interval 5 minutes)) as variety
                from raw_historian.readings
                group by tag_id
            ) using (tag_id)
            qualify row_number() over (
                partition by tag_role, is_stepped, exception_max_seconds is null, compression_max_seconds is null
                order by variety desc, scan_interval_ms desc, tag_id
            ) = 1
            """
        ).fetchall()
        assert len(kinds) >= 6
        for *known, zone in kinds:
            tag = Tag(*known)
            readings = connection.execute(
                "select epoch_us(measured_at), seq, cast(round(value / ?) as bigint), quality, epoch_us(ingested_at)"
                " from raw_historian.readings where tag_id = ?",
                [tag.resolution, tag.tag_id],
            ).fetchall()
            assert_equal(connection, [tag], [(tag, Reading(*reading)) for reading in readings], zone)


WIDTHS = [width for width in range(1, 1441) if 1440 % width == 0]


def by_other_steps(by_hour: str, children: str, width: int, wider: int) -> str:
    """The hour's query, made to merge `children` of so many minutes to buckets of `wider` minutes."""
    others = {
        '"int_readings_by_quarter_hour"': f'"{children}"',
        "'15 minutes'": f"'{width} minutes'",
        "'60 minutes'": f"'{wider} minutes'",
    }
    assert all(part in by_hour for part in others)
    return re.sub("|".join(others), lambda part: others[part[0]], by_hour)


@settings(max_examples=5, deadline=None, suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large])
@given(data=st.data(), lake=lakes())
def test_buckets_may_be_merged_in_any_steps(
    models: Models, data: st.DataObject, lake: tuple[list[Tag], list[tuple[Tag, Reading]]]
) -> None:
    by_hour = next(model for model in models if model.name == "int_readings_by_hour")
    tags, rows = lake
    with warehouse_of(models, tags, rows) as connection:
        children, width = "int_readings_by_minute", 1
        while width < 1440:
            wider = data.draw(st.sampled_from([other for other in WIDTHS if other > width and other % width == 0]))
            query = by_other_steps(by_hour.query, children, width, wider)
            children, width = f"by_{wider}", wider
            connection.execute(f"create table intermediate.{children} as {query}")
        merged = f"select * exclude (child_count, p05, p50, p95) from intermediate.{children}"
        by_level = "select * exclude (child_count, p05, p50, p95) from intermediate.int_readings_by_day"
        assert connection.sql(f"({merged}) except all ({by_level})").fetchall() == []
        assert connection.sql(f"({by_level}) except all ({merged})").fetchall() == []


def test_local_days_have_as_many_quarters_as_the_clock_says(models: Models) -> None:
    changes = [datetime(2025, 3, 28, 12, tzinfo=UTC), datetime(2025, 10, 24, 12, tzinfo=UTC)]
    tag = Tag(1, 1.0, True, 4 * 86_400, 0.0, 1.0)
    moments = [int(change.timestamp()) * 1_000_000 for change in changes]
    with warehouse_of(models, [tag], [(tag, Reading(at, 0, 1, 192, at)) for at in moments]) as connection:
        days = connection.execute(
            "select strftime(bucket_at at time zone 'UTC' at time zone ?, '%m-%d %H:%M'), child_count,"
            " datediff('minute', bucket_at, bucket_end_at), duration_good_us from intermediate.int_readings_by_local_day"
            " order by bucket_at",
            [ZONE],
        ).fetchall()
    whole = {name: quarters for name, quarters, *rest in days if rest == [15 * quarters, 15 * quarters * MINUTE]}
    assert whole == {
        "03-29 00:00": 96,
        "03-30 00:00": 92,
        "03-31 00:00": 96,
        "10-25 00:00": 96,
        "10-26 00:00": 100,
        "10-27 00:00": 96,
    }
