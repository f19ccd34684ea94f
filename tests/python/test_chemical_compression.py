"""Exception reporting and the swinging door: their guarantees on any series, and their settings in a fleet."""

from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray

from generators.chemical.compression import NEVER_REPORTED, Compression, report_exceptions, swing_door
from generators.chemical.defects import (
    COMMUNICATION_GAP,
    DRIFT,
    FROZEN,
    SENSOR_FAILURE,
    SPIKE,
    DayOfDefects,
    defects_of,
)
from generators.chemical.fleet import Unit, fleet_of
from generators.chemical.measurement import observe_day
from generators.chemical.processes.model import CELSIUS, FloatArray
from generators.chemical.simulation import first_state, simulate_day
from generators.scenario import load_scenario

GOOD, UNCERTAIN, BAD = 192, 80, 16
ROUNDING = 1e-9


@dataclass(frozen=True)
class Series:
    scan: NDArray[np.int32]
    value: FloatArray
    quality: NDArray[np.int16]

    def copies(self) -> tuple[NDArray[np.int32], FloatArray, NDArray[np.int16]]:
        return self.scan.copy(), self.value.copy(), self.quality.copy()

    def first(self, count: int) -> "Series":
        return Series(self.scan[:count], self.value[:count], self.quality[:count])


def reported(series: Series, deviation: float, longest: int, sends_previous: bool = True, last: Any = None) -> Series:
    columns = series.copies()
    value, quality = (0.0, NEVER_REPORTED) if last is None else last
    return Series(*columns).first(report_exceptions(*columns, deviation, longest, sends_previous, value, quality))


def compressed(series: Series, deviation: float, longest: int, last: Any = None) -> Series:
    columns = series.copies()
    value, quality = (0.0, NEVER_REPORTED) if last is None else last
    return Series(*columns).first(swing_door(*columns, deviation, longest, value, quality))


@st.composite
def any_series(draw: st.DrawFn) -> Series:
    """Walks, steps and noise, in whole hundredths, with scans that were lost and qualities that change."""
    moves = st.integers(-300, 300) | st.integers(-3, 3)
    lost = st.sampled_from([0, 0, 0, 0, 1, 4])
    kinds = st.sampled_from([GOOD] * 12 + [UNCERTAIN, BAD])
    rows = np.array(draw(st.lists(st.tuples(moves, lost, kinds), min_size=1, max_size=60)))
    value = np.where(rows[:, 2] == BAD, np.nan, np.cumsum(rows[:, 0]) / 100)
    return Series((np.cumsum(rows[:, 1] + 1) - 1).astype(np.int32), value, rows[:, 2].astype(np.int16))


def rows_of(kept: Series, of: Series) -> NDArray[np.int64]:
    """The rows of a series that were kept: kept readings are readings of the series, in order, each once."""
    rows = np.searchsorted(of.scan, kept.scan)
    assert np.array_equal(of.scan[rows], kept.scan) and (np.diff(rows) > 0).all()
    assert np.array_equal(of.value[rows], kept.value, equal_nan=True)
    assert np.array_equal(of.quality[rows], kept.quality)
    return rows


def errors(kept: Series, of: Series) -> FloatArray:
    """How far the straight lines between the kept readings are from each known value."""
    known, of_known = ~np.isnan(kept.value), ~np.isnan(of.value)
    if not of_known.any():
        return np.empty(0)
    line = np.interp(of.scan[of_known], kept.scan[known], kept.value[known])
    return np.abs(line - of.value[of_known])


def changes(series: Series) -> NDArray[np.bool_]:
    return np.append(True, np.diff(series.quality) != 0)


@settings(max_examples=150, deadline=None)
@given(series=any_series(), deviation=st.integers(0, 200), longest=st.integers(6, 60))
def test_after_the_door_every_value_is_within_its_deviation_of_the_line(series: Series, deviation: int, longest: int) -> None:
    kept = compressed(series, deviation / 100, longest)
    rows = rows_of(kept, series)
    assert errors(kept, series).max(initial=0.0) <= deviation / 100 + ROUNDING
    assert np.diff(kept.scan).max(initial=0) <= longest  # the series itself has gaps of five scans
    assert kept.scan[-1] == series.scan[-1]
    must_pass = changes(series) | (series.quality == BAD)
    assert set(np.flatnonzero(must_pass)) <= set(rows)


@settings(max_examples=150, deadline=None)
@given(series=any_series(), deviation=st.integers(0, 100), longest=st.integers(1, 30))
def test_an_exception_is_reported_with_the_value_before_it(series: Series, deviation: int, longest: int) -> None:
    sent = reported(series, deviation / 100, longest)
    rows = rows_of(sent, series)
    alone = rows_of(reported(series, deviation / 100, longest, sends_previous=False), series)
    assert set(alone) <= set(rows) <= set(alone) | set(alone - 1)
    assert {row for row in alone - 1 if row >= 0} <= set(rows)
    last = alone[0]  # every value left out is in the dead band around the last one sent, and not too long after it
    assert last == 0
    for row in range(len(series.scan)):
        if row in alone:
            last = row
        else:
            assert series.quality[row] == series.quality[last] != BAD
            assert abs(series.value[row] - series.value[last]) <= deviation / 100
            assert series.scan[row] - series.scan[last] < longest
    assert set(np.flatnonzero(changes(series) | (series.quality == BAD))) <= set(alone)


@settings(max_examples=150, deadline=None)
@given(series=any_series(), steps=st.integers(2, 200), longest=st.integers(6, 30))
def test_both_together_are_within_two_compression_deviations(series: Series, steps: int, longest: int) -> None:
    half = steps // 2 / 100
    kept = compressed(reported(series, half, longest), steps / 100, 2 * longest)
    assert errors(kept, series).max(initial=0.0) <= 2 * half + steps / 100 + ROUNDING
    assert np.diff(kept.scan).max(initial=0) <= 2 * longest


@settings(max_examples=150, deadline=None)
@given(series=any_series(), deviation=st.integers(0, 200), data=st.data())
def test_midnight_costs_one_reading_and_breaks_no_guarantee(series: Series, deviation: int, data: st.DataObject) -> None:
    cut = data.draw(st.integers(1, len(series.scan)))
    evening = series.first(cut)
    shift = series.scan[cut - 1] + 1  # scan −1 of the second day is the last of the first
    morning = Series(series.scan[cut:] - shift, series.value[cut:], series.quality[cut:])
    first = compressed(evening, deviation / 100, 60)
    second = compressed(morning, deviation / 100, 60, last=(evening.value[-1], int(evening.quality[-1])))
    both = joined([first, Series(second.scan + shift, second.value, second.quality)])
    assert errors(both, series).max(initial=0.0) <= deviation / 100 + ROUNDING


def test_a_door_goes_on_from_the_last_reading_of_the_evening() -> None:
    scan, good = np.arange(50, dtype=np.int32), np.full(50, GOOD, dtype=np.int16)
    morning = Series(scan, np.linspace(3.0, 12.8, 50), good)
    assert compressed(morning, 0.01, 1000, last=(2.8, GOOD)).scan.tolist() == [49]
    assert compressed(morning, 0.01, 1000, last=(2.0, GOOD)).scan.tolist() == [0, 49]
    assert compressed(morning, 0.01, 1000, last=(2.8, BAD)).scan.tolist() == [0, 49]


def test_a_straight_line_needs_its_ends_only_and_a_corner_one_more() -> None:
    scan = np.arange(101, dtype=np.int32)
    good = np.full(101, GOOD, dtype=np.int16)
    assert compressed(Series(scan, np.linspace(0.0, 30.0, 101), good), 0.01, 1000).scan.tolist() == [0, 100]
    corner = np.where(scan < 40, 0.0, 0.25 * (scan - 40))
    assert compressed(Series(scan, corner, good), 0.01, 1000).scan.tolist() == [0, 40, 100]
    assert compressed(Series(scan, np.zeros(101), good), 0.01, 30).scan.tolist() == [0, 30, 60, 90, 100]


def test_a_stepped_tag_reports_changes_and_now_and_then_itself() -> None:
    value = np.array([5.0] * 10 + [6.0] * 30)
    series = Series(np.arange(40, dtype=np.int32), value, np.full(40, GOOD, dtype=np.int16))
    assert reported(series, 0.0, 12, sends_previous=False).scan.tolist() == [0, 10, 22, 34, 39]
    assert reported(series, 0.0, 12, sends_previous=False, last=(5.0, GOOD)).scan.tolist() == [10, 22, 34, 39]


def test_a_compressed_tag_tells_what_the_same_tag_without_compression_would() -> None:
    """Two days of a unit, as its site has it and as another would: no scan is farther than 2 × exception + compression."""
    unit = next(unit for unit in fleet_of(load_scenario("tiny", seed=42)).units if unit.plant.site.has_compression)
    plain_site = replace(unit.plant.site, has_compression=False)
    plain = replace(unit, plant=replace(unit.plant, site=plain_site))
    thinned, every_scan = (readings_of(one, days=2) for one in (unit, plain))
    for tag in unit.tags:
        kept, scanned = thinned[tag.tag_id], every_scan[tag.tag_id]
        rows_of(kept, scanned)
        assert tag.compression is not None and len(kept.scan) < 0.98 * len(scanned.scan)
        if tag.compression.door is None:
            held = scanned.value[np.searchsorted(scanned.scan, kept.scan)]
            last = np.searchsorted(kept.scan, scanned.scan, side="right") - 1
            assert np.array_equal(held[last], scanned.value, equal_nan=True)
        else:
            farthest = 2 * tag.compression.exception_deviation + tag.compression.door.deviation
            assert errors(kept, scanned).max() <= farthest + ROUNDING


def readings_of(unit: Unit, days: int) -> dict[int, Series]:
    """By tag; `scan` counts from the first midnight. The same defects, apart from the clocks."""
    found: dict[int, list[Series]] = {tag.tag_id: [] for tag in unit.tags}
    state, instruments = first_state(unit), None
    for number in range(days):
        day = date(2025, 12, 1) + timedelta(days=number)
        unit_day, state = simulate_day(unit, state, [], day)
        forced = [SENSOR_FAILURE, COMMUNICATION_GAP, FROZEN, DRIFT, SPIKE]
        plan = defects_of(unit.seed, unit.unit_id, unit.tags, day, forced)
        own = {place: defect for place, defect in plan.of_tag.items() if defect.kind in forced}
        observed, instruments = observe_day(unit, unit_day.signals, instruments, DayOfDefects(own, None), day)
        midnight = int(np.datetime64("2025-12-01", "us").astype(np.int64))
        for tag in unit.tags:
            rows = observed.tag_id == tag.tag_id
            scan = (observed.measured_us[rows] - midnight) // (1000 * tag.scan_interval_ms)
            found[tag.tag_id].append(Series(scan.astype(np.int32), observed.value[rows], observed.quality[rows]))
    return {tag_id: joined(series) for tag_id, series in found.items()}


def joined(series: list[Series]) -> Series:
    return Series(
        np.concatenate([one.scan for one in series]),
        np.concatenate([one.value for one in series]),
        np.concatenate([one.quality for one in series]),
    )


@pytest.mark.parametrize("preset", ["tiny", "small", "medium", "large"])
@pytest.mark.parametrize("seed", [1, 2, 3])
def test_some_sites_thin_out_their_readings_and_others_do_not(preset: str, seed: int) -> None:
    sites = fleet_of(load_scenario(preset, seed=seed)).sites
    share = np.mean([site.has_compression for site in sites])
    assert 0.25 <= share <= 0.5
    assert 0 < sum(site.has_compression for site in sites) < len(sites)


def test_settings_are_those_of_good_practice() -> None:
    fleet = fleet_of(load_scenario("medium", seed=42))
    for tag in (tag for unit in fleet.units if unit.plant.site.has_compression for tag in unit.tags):
        assert tag.compression is not None
        if tag.instrument.is_stepped:
            assert tag.compression == Compression(exception_deviation=0.0)
            continue
        door = tag.compression.door
        assert door is not None and 0.0 < tag.compression.exception_deviation <= door.deviation / 2 + ROUNDING
        assert (door.deviation * tag.steps_per_unit) == pytest.approx(round(door.deviation * tag.steps_per_unit))
        step = 1 / tag.steps_per_unit
        if tag.instrument.unit is CELSIUS and tag.span > 50:
            assert 0.5 - step <= door.deviation <= 1.0 + step
        elif tag.instrument.unit is not CELSIUS:
            assert 0.01 * tag.span - step <= door.deviation <= 0.02 * tag.span + step
        assert tag.compression.exception_max_seconds < door.max_seconds
    assert all(tag.compression is None for unit in fleet.units if not unit.plant.site.has_compression for tag in unit.tags)
