"""The measurement layer on signals made for it, and the plan of its defects over many days."""

from datetime import date, timedelta
from typing import Any

import numpy as np
import pytest
from numpy.testing import assert_allclose
from numpy.typing import NDArray

from generators.chemical.calibration import INTERVAL_DAYS, calibrated, first_biases, last_calibrations, visits, walked_biases
from generators.chemical.defects import (
    CHANCE_PER_TAG_DAY,
    CHANCE_PER_UNIT_DAY,
    CLOCK_SKEW,
    COMMUNICATION_GAP,
    DAY_SECONDS,
    DRIFT,
    FROZEN,
    KINDS,
    LATE_FILE,
    NONE,
    SENSOR_FAILURE,
    SPIKE,
    DayOfDefects,
    Defect,
    defects_of,
)
from generators.chemical.fleet import fleet_of
from generators.chemical.instruments import is_spike, lagged, observe
from generators.chemical.transport import stamp
from generators.engine.streams import stream
from generators.scenario import load_scenario

SCANS = 4000
FLEET = fleet_of(load_scenario("small", seed=42))


def read(signal: NDArray[np.float64], **changes: Any) -> tuple[NDArray[np.int32], NDArray[np.float64], NDArray[np.int16]]:
    """Observe with a plain instrument: one reading per tick, range 0 to 100, resolution 0.01, no error; `changes` differ."""
    settings: dict[str, Any] = {
        "first_tick": 0,
        "ticks_per_scan": 1,
        "fraction": 0.0,
        "gain": 1.0,
        "bias_from": 0.0,
        "bias_to": 0.0,
        "calibrated_scan": -1,
        "bias_left": 0.0,
        "noise_sd": 0.0,
        "normals": np.empty(0, dtype=np.float32),
        "memory": 0.0,
        "steps_per_unit": 100,
        "low_step": 0,
        "high_step": 10_000,
        "defect_kind": NONE,
        "defect_from": 0,
        "defect_to": 0,
        "defect_magnitude": 0.0,
    }
    scan, value = np.empty(SCANS, dtype=np.int32), np.empty(SCANS)
    quality = np.empty(SCANS, dtype=np.int16)
    count, _ = observe(signal, **(settings | changes), scan_out=scan, value_out=value, quality_out=quality)
    return scan[:count], value[:count], quality[:count]


def test_a_value_is_the_double_nearest_to_its_decimal_number() -> None:
    signal = np.linspace(0.0, 100.0, SCANS + 1)
    _, value, quality = read(signal)
    assert value.tolist() == [float(f"{x:.2f}") for x in value]
    assert_allclose(value, signal[:-1], atol=0.005 + 1e-9)
    assert set(quality) == {192}


def test_limit_bits_are_set_iff_the_range_is_left() -> None:
    signal = np.linspace(-20.0, 120.0, SCANS + 1)
    _, value, quality = read(signal)
    whole = np.floor(signal[:-1] * 100 + 0.5)
    assert np.array_equal(quality, np.where(whole < 0, 85, np.where(whole > 10_000, 86, 192)))
    assert np.array_equal(value, np.clip(whole, 0, 10_000) / 100)


def test_noise_has_the_declared_deviation_and_a_little_memory() -> None:
    normals = stream(1, "test", "normals").standard_normal(SCANS, dtype=np.float32)
    _, value, _ = read(np.full(SCANS + 1, 50.0), noise_sd=0.8, normals=normals)
    noise = value - 50.0
    assert noise.std() == pytest.approx(0.8, rel=0.05)
    assert abs(noise.mean()) < 0.08
    assert np.corrcoef(noise[:-1], noise[1:])[0, 1] == pytest.approx(0.26, abs=0.06)


def test_bias_glides_and_gain_scales() -> None:
    _, value, _ = read(np.full(SCANS + 1, 50.0), gain=1.1, bias_from=0.0, bias_to=2.0)
    assert (value[0], value[-1]) == (55.0, 57.0)


def test_a_calibration_ends_what_the_bias_has_become() -> None:
    _, value, _ = read(np.full(SCANS + 1, 50.0), bias_from=1.0, bias_to=5.0, calibrated_scan=3000, bias_left=-0.5)
    assert value[2999] == pytest.approx(50.0 + 1.0 + 4.0 * 2999 / SCANS, abs=0.006)
    assert set(value[3000:]) == {49.5}


def test_a_scan_between_two_ticks_sees_the_line_between_them() -> None:
    signal = np.arange(SCANS + 1.0) % 50
    _, value, _ = read(signal, first_tick=3, ticks_per_scan=8, fraction=0.25)
    assert_allclose(value, [signal[tick] + 0.25 * (signal[tick + 1] - signal[tick]) for tick in range(3, SCANS, 8)])


def test_a_sensor_lags_by_its_time_constant() -> None:
    step = np.where(np.arange(2001) < 1, 0.0, 1.0)
    out = lagged(step, 0.0, float(np.exp(-5.0 / 100.0)))
    assert out[20] == pytest.approx(1.0 - np.exp(-1.0))  # 20 ticks of 5 s are one time constant of 100 s
    assert np.array_equal(lagged(step, 0.3, 0.9)[:1], [0.3])


def test_defects_do_what_they_are_called() -> None:
    signal = 50.0 + 20.0 * np.sin(np.arange(SCANS + 1) / 100)
    sound = read(signal)[1]
    span = slice(1000, 1500)
    rest = np.ones(SCANS, dtype=np.bool_)
    rest[span] = False

    def broken(kind: int, magnitude: float = 0.0) -> tuple[Any, Any, Any]:
        return read(signal, defect_kind=kind, defect_from=1000, defect_to=1500, defect_magnitude=magnitude)

    _, value, quality = broken(SENSOR_FAILURE)
    assert np.isnan(value[span]).all() and set(quality[span]) == {16}
    assert np.array_equal(value[rest], sound[rest])

    _, value, quality = broken(FROZEN)
    assert set(value[span]) == {sound[999]} and set(quality) == {192}
    assert np.array_equal(value[rest], sound[rest])

    _, value, quality = broken(DRIFT, magnitude=3.0)
    assert_allclose((value - sound)[span], 3.0 * np.arange(1, 501) / 500, atol=0.011)
    assert np.array_equal(quality[span] == 80, np.arange(1, 501) > 250)
    assert np.array_equal(value[rest], sound[rest])

    _, value, quality = broken(SPIKE, magnitude=20.0)
    spikes = is_spike(np.arange(500))
    assert_allclose((value - sound)[span], np.where(spikes, 20.0, 0.0), atol=0.011)
    assert set(np.diff(np.flatnonzero(spikes))) == {5, 8, 13} and spikes[0] and spikes.mean() == pytest.approx(1 / 8, abs=0.01)
    assert np.array_equal(value[rest], sound[rest]) and set(quality) == {192}

    scan, value, quality = broken(COMMUNICATION_GAP)
    assert np.array_equal(scan, np.delete(np.arange(SCANS), range(1007, 1500)))
    assert quality[1000:1007].tolist() == [68] * 6 + [24]
    assert set(value[1000:1006]) == {sound[999]} and np.isnan(value[1006])
    assert np.array_equal(value[1007:], sound[1500:])


def test_stamps_are_on_the_grid_and_delayed_by_the_hour() -> None:
    measured, ingested = np.empty(24, dtype=np.int64), np.empty(24, dtype=np.int64)
    delays = np.arange(24) * 1000 + 1_000_000
    stamp(np.arange(24, dtype=np.int32), 7, 3_600_000_000, 250_000, delays, measured, ingested)
    assert np.array_equal(measured, 7 + 250_000 + 3_600_000_000 * np.arange(24))
    assert np.array_equal(ingested - measured, delays)


def test_defects_stay_within_their_day_and_are_a_few_per_cent() -> None:
    tag_days = own = 0
    events = dict.fromkeys(CHANCE_PER_UNIT_DAY, 0)
    for unit in FLEET.units:
        for day in (date(2025, 1, 1) + timedelta(days=number) for number in range(60)):
            plan = defects_of(unit.seed, unit.unit_id, unit.tags, day, forced=())
            for place, defect in plan.of_tag.items():
                assert 3600 <= defect.from_second < defect.to_second <= DAY_SECONDS
                assert (defect.magnitude != 0.0) == (defect.kind in (DRIFT, SPIKE, CLOCK_SKEW))
                only_on_the_way = defect.kind == COMMUNICATION_GAP or defect.kind in CHANCE_PER_UNIT_DAY
                assert only_on_the_way or not unit.tags[place].instrument.is_exact
            for kind in CHANCE_PER_UNIT_DAY:  # they hit all tags of one station
                hit = {place for place, defect in plan.of_tag.items() if defect.kind == kind}
                stations = {unit.tags[place].instrument.equipment for place in hit}
                assert len(stations) <= 1
                assert hit == {place for place, tag in enumerate(unit.tags) if tag.instrument.equipment in stations}
                events[kind] += len(stations)
                if kind == LATE_FILE:
                    assert stations == ({plan.outage.equipment} if plan.outage else set())
            assert plan.outage is None or plan.outage.arrival_second >= plan.outage.to_second + 600
            tag_days += len(unit.tags)
            own += sum(defect.kind not in CHANCE_PER_UNIT_DAY for defect in plan.of_tag.values())
    exact = float(np.mean([tag.instrument.is_exact for unit in FLEET.units for tag in unit.tags]))
    expected = sum(CHANCE_PER_TAG_DAY.values()) * (1 - exact) + CHANCE_PER_TAG_DAY[COMMUNICATION_GAP] * exact
    assert own / tag_days == pytest.approx(expected, rel=0.2)
    for kind, count in events.items():
        assert count / (60 * len(FLEET.units)) == pytest.approx(CHANCE_PER_UNIT_DAY[kind], abs=0.04)


def test_a_slow_clock_never_makes_a_reading_look_late() -> None:
    unit = FLEET.units[0]
    for number in range(50):
        plan = defects_of(unit.seed, unit.unit_id, unit.tags, date(2025, 1, 1) + timedelta(days=number), forced=(CLOCK_SKEW,))
        skews = {defect.magnitude for defect in plan.of_tag.values() if defect.kind == CLOCK_SKEW}
        assert len(skews) == 1
        assert -(300 - 9) < max(skews) < -15 and max(skews) % 1.0 == 0.5  # never a multiple of a scan interval


def test_forced_defects_occur_and_their_files_arrive_within_the_day() -> None:
    for unit in FLEET.units:
        kinds = {kind for kind in range(1, len(KINDS)) if kind % 2 == unit.unit_id % 2} | {LATE_FILE}
        for number in range(20):
            plan = defects_of(unit.seed, unit.unit_id, unit.tags, date(2025, 1, 1) + timedelta(days=number), sorted(kinds))
            assert {defect.kind for defect in plan.of_tag.values()} >= kinds
            assert plan.outage is not None and plan.outage.arrival_second < DAY_SECONDS


def test_every_instrument_is_calibrated_once_in_52_weeks_on_a_weekday() -> None:
    nothing = DayOfDefects({}, None)
    for unit in FLEET.units:
        days = [date(2025, 1, 1) + timedelta(days=number) for number in range(INTERVAL_DAYS)]
        found = [(place, day) for day in days for place in visits(unit, nothing, day)]
        measured = [place for place, tag in enumerate(unit.tags) if tag.instrument.role == "PV"]
        assert sorted(place for place, _ in found) == measured
        assert {day.weekday() for _, day in found} <= set(range(5))
        for (place, day), last in zip(sorted(found), last_calibrations(unit, days[-1] + timedelta(days=1)), strict=True):
            assert (last.tag, last.calibrated_at.date()) == (unit.tags[place], day)


def test_a_drift_ends_with_a_calibration_that_finds_it() -> None:
    unit = FLEET.units[0]
    place = next(number for number, tag in enumerate(unit.tags) if tag.noise_sd > 0.0 and not tag.instrument.is_controlled)
    day, tag = date(2025, 3, 1), unit.tags[place]  # a Saturday: nothing is on schedule
    found = visits(unit, DayOfDefects({place: Defect(DRIFT, 10_000, 30_000, 2.5)}, None), day)
    done = calibrated(unit, place, found[place], day, bias=0.25)
    assert list(found) == [place] and not done.is_scheduled
    assert done.calibrated_at.isoformat() == "2025-03-01T08:20:00"
    assert done.as_found_error == 2.75 and abs(done.as_left_error) <= 0.5 * tag.noise_sd


def test_a_bias_walks_away_from_its_calibration_with_the_root_of_time() -> None:
    day, walked = date(2025, 1, 1), []
    for unit in FLEET.units:
        sd = np.array([0.0 if tag.instrument.is_controlled else tag.noise_sd for tag in unit.tags])
        since = [(day - last.calibrated_at.date()).days for last in last_calibrations(unit, day)]
        first = first_biases(unit, day)
        moved = walked_biases(unit, first, day) - first
        assert np.array_equal(moved == 0.0, sd == 0.0)
        built = np.array([tag.bias for tag in unit.tags])
        measured = np.array([tag.instrument.role == "PV" for tag in unit.tags])
        free = (sd > 0.0)[measured]
        walked += list(((first - built)[measured][free]) / sd[measured][free] / np.sqrt(np.array(since)[free]))
    assert np.std(walked) == pytest.approx(0.15, rel=0.2)
