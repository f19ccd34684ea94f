"""The tiny fleet's files: exact counts, layout, keys, qualities, resolution, and defects that agree with the readings."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import Any

import numpy as np
import polars as pl
import pyarrow as pa
import pytest

from generators.chemical.defects import KINDS, defects_of
from generators.chemical.families import FAMILIES
from generators.chemical.fleet import fleet_of
from generators.chemical.historian import closing, deliveries
from generators.chemical.measurement import observe_day
from generators.chemical.simulation import first_state, simulate_day
from generators.engine.columns import schema_of
from generators.engine.plan import Chunk, Family
from generators.scenario import Scenario, ScenarioError, load_scenario
from generators.schema.catalog import dependency_order, table

TINY = load_scenario("tiny", seed=42)
HISTORIAN = next(family for family in FAMILIES if family.name == "historian")
RARE = {"truth.trips"}  # of what may not happen in a day of four units
KEYS = ["org_id", "tag_id", "measured_at", "seq"]


def chunks_of(family: Family[Scenario], scenario: Scenario, key: str | None = None) -> Iterator[Chunk]:
    for part in family.parts(scenario):
        if key in (None, part.key):
            yield from family.generate(scenario, part)


def frame(rows: pa.Table) -> pl.DataFrame:
    found = pl.from_arrow(rows)
    assert isinstance(found, pl.DataFrame)
    return found


@dataclass(frozen=True)
class Lake:
    parts: dict[str, list[Chunk]]

    @property
    def chunks(self) -> list[Chunk]:
        return [chunk for chunks in self.parts.values() for chunk in chunks]

    def table(self, name: str) -> pl.DataFrame:
        pieces = [schema_of(name).empty_table(), *(chunk.rows for chunk in self.chunks if chunk.table == name)]
        return frame(pa.concat_tables(pieces))


@pytest.fixture(scope="module")
def lake() -> Lake:
    return Lake(
        {f"{family.name} {part.key}": list(family.generate(TINY, part)) for family in FAMILIES for part in family.parts(TINY)}
    )


@pytest.fixture(scope="module")
def readings(lake: Lake) -> pl.DataFrame:
    tags = lake.table("asset.tags").drop("org_id", "created_at", "updated_at")
    return lake.table("historian.readings").join(tags, on="tag_id", maintain_order="left")


@pytest.fixture(scope="module")
def defects(lake: Lake) -> pl.DataFrame:
    tags = lake.table("asset.tags").select("tag_id", "scan_interval_ms", "resolution", "exception_deviation")
    return lake.table("truth.defects").join(tags, on="tag_id", maintain_order="left")


def test_every_chunk_has_the_declared_schema_and_a_path_of_its_own(lake: Lake) -> None:
    for chunk in lake.chunks:
        assert chunk.rows.schema == schema_of(chunk.table)
        chunk.rows.validate(full=True)
    paths = [(chunk.table, chunk.path) for chunk in lake.chunks]
    assert len(set(paths)) == len(paths)
    declared = {name for family in FAMILIES for name in family.tables}
    assert declared - RARE <= {name for name, _ in paths} <= declared


@pytest.mark.parametrize("preset", ["tiny", "small", "medium", "large"])
def test_counts_are_exact(preset: str) -> None:
    scenario = load_scenario(preset, seed=1)
    fleet = fleet_of(scenario)
    shape = scenario.chemical
    assert (len(fleet.organizations), len(fleet.units)) == (shape.organizations, shape.units)
    assert sum(unit.tag_count for unit in fleet.units) == shape.tags
    assert {unit.org_id for unit in fleet.units} == set(range(1, shape.organizations + 1))
    assert len({owner.code for owner in fleet.organizations}) == shape.organizations


def test_keys_are_unique_and_foreign_keys_hold(lake: Lake) -> None:
    names = {name for family in FAMILIES for name in family.tables}
    for declared in (found for found in dependency_order() if found.qualified_name in names):
        rows = lake.table(declared.qualified_name)
        assert rows.select(pl.struct(declared.key).is_duplicated().any()).item() is False
        for key in declared.foreign_keys:
            targets = lake.table(key.target).select(key.target_columns)
            sources = rows.select(key.columns).drop_nulls().unique()
            assert sources.join(targets, left_on=key.columns, right_on=key.target_columns, how="anti").is_empty()


def test_accepted_values_and_names(lake: Lake) -> None:
    for name in (name for family in FAMILIES for name in family.tables):
        for column in table(name).columns:
            if column.accepted:
                assert set(lake.table(name)[column.name].drop_nulls()) <= set(column.accepted)
    tags = lake.table("asset.tags")
    assert tags.select(pl.struct("org_id", "tag_name").is_duplicated().any()).item() is False
    assert not tags["description"].str.contains("[{}#]").any()
    assert not lake.table("asset.equipment")["description"].str.contains("[{}#]").any()
    assert tags["tag_name"].str.contains(r"^\d+-[A-Z]{2,3}-\d{3}([A-Z]|\.(PV|SP|OP|MODE))?$").all()


def test_a_loop_has_four_tags_but_where_a_unit_has_only_its_first_instruments(lake: Lake) -> None:
    tags = lake.table("asset.tags")
    loops = tags.drop_nulls("loop_id").group_by("loop_id").agg(pl.col("unit_id").first(), pl.col("tag_role").sort())
    cut = loops.filter(pl.col("tag_role") != ["MODE", "OP", "PV", "SP"])
    assert cut["unit_id"].is_unique().all() and cut.height < 0.1 * loops.height  # the last one of a unit at most
    assert cut["tag_role"].list.contains("PV").all() and (cut["tag_role"].list.n_unique() == cut["tag_role"].list.len()).all()
    seen = set(loops["loop_id"])
    for unit in fleet_of(TINY).units:
        missing = {unit.loop_id(loop) for loop in range(len(unit.model.loops))} - seen
        assert not missing or unit.tag_count < len(unit.model.instruments)
    assert seen <= set(lake.table("asset.control_loops")["loop_id"])


def test_files_lie_where_the_ledger_says_and_hold_what_it_says(lake: Lake) -> None:
    written = {chunk.path: frame(chunk.rows) for chunk in lake.chunks if chunk.table == "historian.readings"}
    ledger = lake.table("historian.ingest_files")
    assert set(ledger["path"]) == set(written)
    for file in ledger.iter_rows(named=True):
        rows = written[file["path"]]
        assert file["path"].startswith(
            f"event_date={file['event_date']}/org_id={file['org_id']}/part-{file['arrived_at']:%Y%m%d}"
        )
        assert rows.height == file["reading_count"]
        assert set(rows["file_id"]) == {file["file_id"]}
        assert set(rows["event_date"]) == {file["event_date"]}
        assert set(rows["org_id"]) == {file["org_id"]}
        assert (rows["measured_at"].min(), rows["measured_at"].max()) == (file["first_measured_at"], file["last_measured_at"])
        assert (rows["ingested_at"] <= file["arrived_at"]).all()
        assert rows.select(KEYS[1:]).equals(rows.select(KEYS[1:]).sort(KEYS[1:]))
        if file["is_late"]:
            assert set(rows["ingested_at"]) == {file["arrived_at"]}


def test_readings_arrive_after_they_were_measured_and_lie_in_their_day(readings: pl.DataFrame) -> None:
    assert (readings["ingested_at"] > readings["measured_at"]).all()
    assert (readings["measured_at"].dt.date() == readings["event_date"]).all()
    assert set(readings["event_date"]) == {TINY.end - timedelta(days=1)}


def test_values_are_whole_multiples_of_the_resolution_and_in_range(readings: pl.DataFrame) -> None:
    known = readings.drop_nulls("value")
    value, resolution = known["value"].to_numpy(), known["resolution"].to_numpy()
    steps = np.rint(value / resolution)
    assert np.array_equal(steps / np.rint(1.0 / resolution), value)
    assert ((known["value"] >= known["range_low"]) & (known["value"] <= known["range_high"])).all()


def test_a_value_is_null_iff_its_quality_is_bad(readings: pl.DataFrame) -> None:
    assert (readings["value"].is_null() == (readings["quality"] < 64)).all()
    assert set(readings["quality"]) == {16, 24, 68, 80, 85, 86, 192}


def test_limit_bits_stand_at_the_ends_of_the_range_only(readings: pl.DataFrame) -> None:
    assert (readings.filter(pl.col("quality") == 85).select(pl.col("value") == pl.col("range_low")).to_series()).all()
    assert (readings.filter(pl.col("quality") == 86).select(pl.col("value") == pl.col("range_high")).to_series()).all()
    measured = readings.filter(pl.col("tag_role") == "PV")
    at_end = measured.filter((pl.col("value") == pl.col("range_low")) | (pl.col("value") == pl.col("range_high")))
    # A value that rounds to the end itself has not left the range: two in five of those around an end, where a step is as
    # large as the noise.
    assert at_end.filter(pl.col("quality").is_in([85, 86])).height > 0.35 * at_end.height > 10


def test_every_tag_varies_around_its_normal_value(readings: pl.DataFrame) -> None:
    by_tag = readings.group_by("tag_id", "tag_role").agg(
        pl.col("value").n_unique().alias("values"),
        ((pl.col("value").mean() - pl.col("normal_value").first()).abs() / (pl.col("range_high") - pl.col("range_low")).first())
        .alias("offset"),
    )  # fmt: skip
    varying = by_tag.filter(~pl.col("tag_role").is_in(["MODE", "STATE"]))
    is_set_point = pl.col("tag_role") == "SP"  # moved by hand, and not every day
    assert (varying.filter(~is_set_point)["values"] >= 5).all()
    assert np.mean(varying.filter(is_set_point)["values"].to_numpy() >= 2) > 0.8
    assert (varying["offset"] < 0.3).all()


def test_normal_operation_prevails(lake: Lake, readings: pl.DataFrame) -> None:
    every_scan = readings.filter(pl.col("exception_deviation").is_null())
    assert every_scan.filter(pl.col("quality") == 192).height > 0.9 * every_scan.height
    assert every_scan.height / every_scan["tag_id"].n_unique() == pytest.approx(10_000, rel=0.2)
    of_stations = pl.col("defect_kind").is_in(["late_file", "clock_skew", "duplicate"])
    assert lake.table("truth.defects").filter(~of_stations).height <= 12


def test_a_site_without_compression_has_a_reading_of_every_scan(lake: Lake, readings: pl.DataFrame) -> None:
    truth = lake.table("truth.defects").group_by("tag_id").agg(
        pl.col("lost_scan_count").sum(),
        pl.col("affected_reading_count").filter(pl.col("defect_kind") == "duplicate").sum().alias("duplicate_count"),
    )  # fmt: skip
    every_scan = readings.filter(pl.col("exception_deviation").is_null())
    scans = 86_400_000 // pl.col("scan_interval_ms").first()
    counts = every_scan.group_by("tag_id").agg(pl.len().alias("rows"), scans.alias("scans"))
    counts = counts.join(truth, on="tag_id", how="left").fill_null(0)
    assert (counts["rows"] == counts["scans"] - counts["lost_scan_count"] + counts["duplicate_count"]).all()


def test_compression_thins_out_and_leaves_no_longer_gap_than_it_may(lake: Lake, readings: pl.DataFrame) -> None:
    disturbed = lake.table("truth.defects").filter(pl.col("defect_kind").is_in(["communication_gap", "clock_skew"]))["tag_id"]
    thinned = readings.filter(pl.col("exception_deviation").is_not_null(), ~pl.col("tag_id").is_in(disturbed.implode()))
    by_tag = thinned.group_by("tag_id").agg(
        pl.col("measured_at").diff().max().dt.total_milliseconds().alias("gap_ms"),
        pl.coalesce("compression_max_seconds", "exception_max_seconds").first().alias("longest"),
        pl.col("max_hold_seconds", "compression_deviation").first(),
        (pl.len() * pl.col("scan_interval_ms").first() / 86_400_000).alias("share"),
    )  # fmt: skip
    assert (by_tag["longest"] <= by_tag["max_hold_seconds"]).all()
    assert (by_tag["gap_ms"] <= 1000 * by_tag["longest"]).all()
    assert by_tag.filter(pl.col("compression_deviation").is_not_null(), pl.col("share") < 0.2).height > 20


def test_loops_hold_their_set_points(lake: Lake, readings: pl.DataFrame, defects: pl.DataFrame) -> None:
    """Those with integral action, that people or a recipe give their set points; a slave goes where its master sends it."""
    changed = defects.filter(~pl.col("defect_kind").is_in(["late_file", "clock_skew", "duplicate"]))["tag_id"]
    sound = readings.filter(pl.col("tag_role").is_in(["PV", "SP"]), ~pl.col("tag_id").is_in(changed.implode()))
    quarters = sound.drop_nulls("loop_id").group_by("loop_id", "tag_role", pl.col("measured_at").dt.truncate("15m"))
    means = quarters.agg(pl.col("value").mean(), (pl.col("range_high") - pl.col("range_low")).first().alias("span"))
    wide = means.pivot(on="tag_role", index=["loop_id", "measured_at", "span"], values="value").drop_nulls()
    share = (pl.col("PV") - pl.col("SP")).abs().median() / pl.col("span").first()
    slaves = [
        unit.loop_id(number)
        for unit in fleet_of(TINY).units
        for number, loop in enumerate(unit.model.loops)
        if loop.master is not None
    ]
    loops = lake.table("asset.control_loops").drop_nulls("integral_time_seconds")
    error = wide.group_by("loop_id").agg(share.alias("share")).join(loops, on="loop_id")
    masters = error.filter(~pl.col("loop_id").is_in(slaves))
    assert set(masters["unit_id"]) == {unit.unit_id for unit in fleet_of(TINY).units} and masters.height >= 12
    shares = masters["share"].to_numpy()
    assert np.all(shares < 0.02) and np.median(shares) < 0.005


def scans_between(defect: dict[str, Any], readings: pl.DataFrame) -> int:
    """Scans in the span, from the tag's grid: every scan of a day is at the same phase of its interval."""
    interval = timedelta(milliseconds=defect["scan_interval_ms"])
    first = readings.filter(pl.col("tag_id") == defect["tag_id"]).select(pl.col("measured_at").min()).item()
    grid = pl.datetime_range(first, first + timedelta(days=1), interval, closed="left", eager=True)
    return int(grid.is_between(pl.lit(defect["started_at"]), pl.lit(defect["ended_at"]), closed="left").sum())


def found_in(defect: dict[str, Any], of_tag: pl.DataFrame) -> int:
    """How many readings bear the mark of a defect, from the readings of its tag alone."""
    span = of_tag.filter(pl.col("measured_at").is_between(defect["started_at"], defect["ended_at"], closed="left"))
    delay = of_tag["ingested_at"] - of_tag["measured_at"]
    match defect["defect_kind"]:
        case "sensor_failure":
            return int((span["quality"] == 16).sum())
        case "communication_gap":
            assert span["quality"].to_list()[-1] == 24 and set(span["quality"].to_list()[:-1]) <= {68}
            return span.height
        case "frozen":
            assert span["value"].n_unique() == 1
            return span.height
        case "drift":
            assert set(span["quality"]) <= {192, 80, 85, 86}
            return span.height
        case "spike":
            jumps = of_tag.with_columns(pl.col("value").diff().alias("jump")).filter(
                pl.col("measured_at").is_between(defect["started_at"], defect["ended_at"], closed="left")
            )
            return int((jumps["jump"] * np.sign(defect["magnitude"]) > abs(defect["magnitude"]) / 2).sum())
        case "late_file":
            return int((delay >= timedelta(minutes=10)).sum())
        case "clock_skew":
            shift = timedelta(seconds=-defect["magnitude"])
            assert (delay.filter(delay > timedelta(seconds=9)) - shift).is_between(timedelta(0), timedelta(seconds=9)).all()
            return int((delay > timedelta(seconds=9)).sum())
        case "duplicate":
            again = span.filter(pl.col("seq") == 1)
            same = ["measured_at", "value", "quality"]
            assert again.select(same).equals(span.filter(pl.col("seq") == 0).select(same))
            return again.height
    raise AssertionError(defect["defect_kind"])


def test_every_kind_of_defect_occurs_and_hits_as_many_readings_as_the_truth_says(
    defects: pl.DataFrame, readings: pl.DataFrame
) -> None:
    assert set(defects["defect_kind"]) == set(KINDS[1:])
    assert_defects_are_found(defects, readings)


@pytest.mark.parametrize("kind", range(1, len(KINDS)), ids=KINDS[1:])
@pytest.mark.parametrize("number", [1, 3])  # a unit without compression, and one with it
def test_a_defect_is_found_with_and_without_compression(kind: int, number: int) -> None:
    """On units made for it: three days on each of which the kind occurs."""
    unit = fleet_of(TINY).units[number - 1]
    assert unit.plant.site.has_compression == (number == 3)
    state, instruments = first_state(unit), None
    interval = {tag.tag_id: tag.scan_interval_ms for tag in unit.tags}
    for day in (date(2025, 5, 5) + timedelta(days=ahead) for ahead in range(3)):
        unit_day, state = simulate_day(unit, state, [], day)
        plan = defects_of(unit.seed, unit.unit_id, unit.tags, day, forced=[kind])
        observed, instruments = observe_day(unit, unit_day.signals, instruments, plan, day)
        files = deliveries(unit, day, observed, plan.outage, closing(unit, day))
        defects = pl.concat([frame(file.truth) for file in files])
        readings = pl.concat([frame(file.readings) for file in files]).sort(KEYS)
        assert KINDS[kind] in set(defects["defect_kind"])
        thinned = None if number == 1 else 0.0
        assert_defects_are_found(
            defects.with_columns(
                pl.col("tag_id").replace_strict(interval).alias("scan_interval_ms"),
                pl.lit(thinned, dtype=pl.Float64).alias("exception_deviation"),
            ),
            readings,
        )


def assert_defects_are_found(defects: pl.DataFrame, readings: pl.DataFrame) -> None:
    for defect in defects.iter_rows(named=True):
        of_tag = readings.filter(pl.col("tag_id") == defect["tag_id"])
        assert found_in(defect, of_tag) == defect["affected_reading_count"] > 0, defect
        scans, lost = scans_between(defect, readings), defect["lost_scan_count"]
        assert (lost > 0) == (defect["defect_kind"] == "communication_gap" and scans > 7)
        if defect["exception_deviation"] is None and defect["defect_kind"] != "spike":
            assert defect["affected_reading_count"] + lost == scans
    healthy = readings.filter(~pl.col("tag_id").is_in(defects["tag_id"].implode()))
    assert (healthy["ingested_at"] - healthy["measured_at"] <= timedelta(seconds=9)).all()
    assert set(healthy["seq"]) == {0} and set(healthy["quality"]) <= {192, 85, 86}


def test_calibrations_know_every_instrument_and_end_every_drift(lake: Lake, defects: pl.DataFrame) -> None:
    calibrations = lake.table("cmms.calibrations").join(lake.table("asset.tags"), on="tag_id", suffix="_tag")
    assert set(calibrations["tag_id"]) == set(lake.table("asset.tags").filter(pl.col("tag_role") == "PV")["tag_id"])
    assert (calibrations["as_left_error"].abs() <= 0.5 * calibrations["noise_sd"] + 1e-6).all()
    drifts = defects.filter(pl.col("defect_kind") == "drift").select("tag_id", "magnitude", calibrated_at="ended_at")
    ended = drifts.join(calibrations.filter(pl.col("reason") == "drift"), on=["tag_id", "calibrated_at"])
    assert ended.height == drifts.height == (calibrations["reason"] == "drift").sum() > 0
    assert ((ended["as_found_error"] - ended["magnitude"]).abs() <= 15 * ended["noise_sd"]).all()


def test_late_readings_are_exactly_those_that_the_truth_names(
    lake: Lake, defects: pl.DataFrame, readings: pl.DataFrame
) -> None:
    late_files = lake.table("historian.ingest_files").filter("is_late")["file_id"]
    late = readings.filter(pl.col("file_id").is_in(late_files.implode()))
    truth = defects.filter(pl.col("defect_kind") == "late_file")
    counts = late.group_by("tag_id").agg(pl.len().cast(pl.Int64).alias("affected_reading_count")).sort("tag_id")
    assert counts.equals(truth.select("tag_id", "affected_reading_count").sort("tag_id"))
    assert (late["ingested_at"] - late["measured_at"] >= timedelta(minutes=10)).all()


def test_a_unit_alone_is_the_same_as_among_others(lake: Lake) -> None:
    for key in ("unit-1", "unit-3"):  # one in steady operation, one in batches
        alone, among = list(chunks_of(HISTORIAN, TINY, key)), lake.parts[f"historian {key}"]
        assert [(chunk.table, chunk.path) for chunk in alone] == [(chunk.table, chunk.path) for chunk in among]
        assert all(chunk.rows.equals(same.rows) for chunk, same in zip(alone, among, strict=True))
        assert {chunk.table for chunk in alone} > {"historian.readings", "lims.samples", "logbook.entries"}


def test_more_days_keep_the_old_ones(lake: Lake) -> None:
    longer = replace(TINY, until=TINY.end + timedelta(days=2))
    by_path = {chunk.path: chunk.rows for chunk in chunks_of(HISTORIAN, longer) if chunk.table == "historian.readings"}
    old = {chunk.path: chunk.rows for chunk in lake.chunks if chunk.table == "historian.readings"}
    assert len(by_path) > len(old)
    assert all(by_path[path].equals(rows) for path, rows in old.items())


def test_another_seed_gives_other_readings(lake: Lake) -> None:
    other = next(chunks_of(HISTORIAN, replace(TINY, seed=43), key="unit-1"))
    assert not other.rows["value"].equals(next(c for c in lake.chunks if c.table == "historian.readings").rows["value"])


@pytest.mark.parametrize("tags", [20, 1_000_000])
def test_a_number_of_tags_that_does_not_fit_is_refused_in_words(tags: int) -> None:
    with pytest.raises(ScenarioError, match=f"chemical.tags = {tags} does not fit 4 units: use 32 to"):
        fleet_of(replace(TINY, chemical=replace(TINY.chemical, tags=tags)))
