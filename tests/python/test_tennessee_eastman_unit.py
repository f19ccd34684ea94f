"""The Tennessee Eastman process as a unit of the fleet: units that differ, operators, checkpoints, trips and instruments."""

from __future__ import annotations

import re
from functools import cache

import numpy as np
import pytest
from numpy.testing import assert_array_equal

from generators.chemical.processes import tennessee_eastman
from generators.chemical.processes.model import AUTO, CASCADE, MANUAL, Drive, FloatArray, Instrument, Run
from generators.chemical.processes.tennessee_eastman import MODEL
from generators.chemical.processes.tennessee_eastman_control import CONTROL_LOOPS, SLAVE, SPANS, USUAL_MODES
from generators.chemical.processes.tennessee_eastman_disturbances import FOULING, WANDERING
from generators.chemical.processes.tennessee_eastman_physics import Parameters
from generators.chemical.processes.tennessee_eastman_plant import plant_of
from generators.engine.streams import stream
from tests.python.published_tennessee_eastman import reference

HOUR = 3600 // MODEL.tick_seconds
DAY = 24 * HOUR
LOOP = {loop.name: place for place, loop in enumerate(MODEL.loops)}
FAULT = {fault.name: place for place, fault in enumerate(MODEL.faults)}


def process_value(loop: int) -> Instrument:
    return next(found for found in MODEL.instruments if found.loop == loop and found.is_controlled)


@cache
def unit(number: int) -> tuple[Parameters, FloatArray]:
    parameters = MODEL.draw(stream(7, "test", "parameters", str(number)))
    return parameters, MODEL.rest(parameters)


def calm(state: FloatArray, ticks: int, noise: int | None = None, ambient: float = 15.0) -> Drive:
    """Nothing happens but the noise of the transmitters, if it has a seed."""
    loops, columns = len(MODEL.loops), ticks + 1
    rng = np.random.default_rng(0 if noise is None else noise)
    spans = [process_value(loop).span for loop in range(loops)]
    sds = np.array([process_value(loop).noise * (span.high - span.low) for loop, span in enumerate(spans)])
    return Drive(
        disturbances=np.full((1, columns), ambient),
        faults=np.zeros((len(MODEL.faults), columns)),
        set_points=np.repeat(plant_of(state).controllers.set_points[:, np.newaxis], columns, axis=1),
        modes=np.repeat(USUAL_MODES[:, np.newaxis], columns, axis=1),
        output_moves=np.zeros((loops, columns)),
        noise=np.zeros((loops, columns)) if noise is None else sds[:, np.newaxis] * rng.standard_normal((loops, columns)),
        uniforms=rng.random(MODEL.uniforms_per_day),
    )


def run(number: int, drive: Drive, state: FloatArray | None = None) -> Run:
    parameters, rest = unit(number)
    return MODEL.run(parameters, MODEL.tuning(parameters), rest if state is None else state, drive, float(MODEL.tick_seconds))


def seen(number: int, found: Run, drive: Drive) -> dict[str, FloatArray]:
    return dict(
        MODEL.signals(unit(number)[0], found.trajectory[:, : found.ticks + 1], drive.disturbances[:, : found.ticks + 1])
    )


@pytest.mark.parametrize("number", range(4))
def test_a_unit_rests_where_its_masters_want_it(number: int) -> None:
    drive = calm(unit(number)[1], 6 * HOUR)
    found = run(number, drive)
    assert found.ticks == 6 * HOUR
    signals = seen(number, found, drive)
    for loop, (design, published) in enumerate(zip(MODEL.loops, CONTROL_LOOPS, strict=True)):
        signal = signals[process_value(loop).signal]
        span = published.span
        assert np.ptp(signal) < 0.002 * span, design.name
        if design.master is None:
            assert signal[0] == pytest.approx(published.set_point, abs=0.004 * span), design.name


@pytest.mark.parametrize("number", range(6))
def test_units_run_for_days_without_a_trip(number: int) -> None:
    """Parameters of their own, noise, and cooling water on cold and hot days."""
    state = unit(number)[1]
    for day in range(3):
        drive = calm(unit(number)[1], DAY, noise=100 * number + day, ambient=(0.0, 15.0, 32.0)[day])
        found = run(number, drive, state)
        assert found.ticks == DAY
        signals, state = seen(number, found, drive), found.state
        assert 2600.0 < signals["reactor_pressure"].min() < signals["reactor_pressure"].max() < 2800.0
        assert 119.5 < signals["reactor_temperature"].min() < signals["reactor_temperature"].max() < 121.3
        assert 5.0 < signals["reactor_water_valve"].min() < signals["reactor_water_valve"].max() < 90.0


def test_a_run_in_two_parts_is_the_same_to_the_last_bit() -> None:
    drive = calm(unit(0)[1], 8 * HOUR, noise=3)
    drive.uniforms[:] = 0.7  # each part draws from the first on
    drive.faults[FAULT["kinetics_drift"]] = 1.0
    drive.faults[FAULT["several_valves_stick"], 2 * HOUR :] = 1.0
    drive.modes[LOOP["FIC-105"], 3 * HOUR : 5 * HOUR] = MANUAL
    whole = run(0, drive)
    cut = 4 * HOUR + 77
    first = run(0, drive.between(0, cut))
    second = run(0, drive.between(cut, 8 * HOUR), first.state)
    for name in ("trajectory", "set_points", "outputs", "process_values"):
        assert_array_equal(getattr(first, name), getattr(whole, name)[:, : cut + 1])
        assert_array_equal(getattr(second, name), getattr(whole, name)[:, cut:])
    assert_array_equal(second.state, whole.state)


def test_the_walks_never_use_more_draws_than_a_day_has() -> None:
    shortest = [walk.length - walk.length_span for walk in WANDERING + FOULING]
    per_piece = [3] * len(WANDERING) + [1] * len(FOULING)
    most = sum(draws * (24.0 / length + 1.0) for draws, length in zip(per_piece, shortest, strict=True))
    assert most <= MODEL.uniforms_per_day


def test_loops_in_manual_stand_and_come_back_without_a_bump() -> None:
    drive = calm(unit(1)[1], 4 * HOUR)
    flow = LOOP["FIC-105"]
    drive.modes[flow, HOUR : 2 * HOUR] = MANUAL
    drive.output_moves[flow, HOUR + 10] = 1.5
    found = run(1, drive)
    by_hand = found.outputs[flow, HOUR : 2 * HOUR]
    assert np.ptp(by_hand[:10]) == 0.0
    assert by_hand[10] - by_hand[9] == pytest.approx(1.5)
    assert np.ptp(by_hand[10:]) == 0.0
    assert abs(found.outputs[flow, 2 * HOUR] - by_hand[-1]) < 0.3
    assert found.process_values[flow, -1] == pytest.approx(drive.set_points[flow, -1], rel=1e-3)


def test_a_master_moves_its_slave_only_in_cascade() -> None:
    drive = calm(unit(1)[1], 4 * HOUR)
    master, slave = LOOP["AIC-113"], LOOP["FIC-103"]
    assert SLAVE[master] == slave
    assert MODEL.loops[slave].master == master
    assert MODEL.loops[slave].usual_mode == CASCADE
    drive.modes[slave, HOUR : 2 * HOUR] = MANUAL
    drive.set_points[master, HOUR:] += 1.0
    found = run(1, drive)
    assert np.ptp(found.set_points[slave, HOUR : 2 * HOUR]) == 0.0
    assert found.set_points[slave, -1] > found.set_points[slave, HOUR] + 0.02
    assert found.outputs[master] == pytest.approx(100.0 * found.set_points[slave] / SPANS[slave])
    drive.modes[slave] = CASCADE
    drive.modes[master, HOUR:] = MANUAL
    drive.output_moves[master, 2 * HOUR] = 2.0
    found = run(1, drive)
    step = found.set_points[slave, 2 * HOUR] - found.set_points[slave, 2 * HOUR - 1]
    assert step == pytest.approx(0.02 * SPANS[slave])
    assert np.ptp(found.set_points[slave, 2 * HOUR :]) == 0.0


def test_every_master_names_its_slave_and_every_loop_its_published_one() -> None:
    assert [int(loop.name[-2:]) for loop in MODEL.loops] == [loop.number for loop in CONTROL_LOOPS]
    for place, loop in enumerate(MODEL.loops):
        assert loop.usual_mode == USUAL_MODES[place]
        if loop.master is not None:
            assert SLAVE[loop.master] == place
    assert {AUTO, CASCADE} == set(USUAL_MODES.tolist())


def test_operators_move_set_points_and_the_unit_follows() -> None:
    drive = calm(unit(2)[1], DAY)
    moves = {"LIC-107": 3.0, "LIC-117": 1.5, "TIC-118": 0.2, "FIC-111": 0.2, "AIC-119": 0.3}
    for name, move in moves.items():
        drive.set_points[LOOP[name], HOUR:] += move
    found = run(2, drive)
    for name, move in moves.items():
        loop = LOOP[name]
        change = found.process_values[loop, -HOUR:].mean() - found.process_values[loop, 0]
        assert change == pytest.approx(move, rel=0.25), name


def test_the_loss_of_a_trips_the_unit_and_ends_the_run() -> None:
    drive = calm(unit(0)[1], DAY, noise=9)
    drive.faults[FAULT["a_feed_loss"], HOUR:] = 1.0
    found = run(0, drive)
    assert 3 * HOUR < found.ticks < 12 * HOUR
    signals = seen(0, found, drive)
    assert signals["reactor_pressure"][-1] == pytest.approx(3000.0, abs=1.0)
    assert signals["reactor_pressure"][:-1].max() < 3000.5
    assert signals["a_feed_flow"][HOUR + 1 :].max() == 0.0
    shorter = run(0, drive.between(0, found.ticks - 1))
    assert shorter.ticks == found.ticks - 1  # not a tick earlier


@pytest.mark.parametrize(
    ("fault", "signal", "least"),
    [
        ("ac_feed_ratio_shift", "a_feed_flow", 0.2),
        ("ac_feed_inert_rise", "purge_flow", 0.1),
        ("reactor_water_warm", "reactor_water_valve", 3.0),
        ("condenser_water_warm", "condenser_water_inlet", 4.9),
        ("ac_header_pressure_loss", "ac_feed_valve", 8.0),
        ("ac_feed_temperature_wanders", "ac_feed_temperature", 4.0),
        ("reactor_water_wanders", "reactor_water_inlet", 4.0),
        ("d_feed_temperature_wanders", "d_feed_temperature", 4.0),
        ("reactor_fouling", "reactor_water_valve", 3.0),
        ("kinetics_drift", "reactor_pressure", 20.0),
    ],
)
def test_a_fault_shows_where_it_should(fault: str, signal: str, least: float) -> None:
    drive = calm(unit(0)[1], 10 * HOUR)
    quiet = seen(0, run(0, drive), drive)[signal]
    drive.faults[FAULT[fault], HOUR:] = 1.0
    found = seen(0, run(0, drive), drive)[signal]
    deviation = np.abs(found - quiet[: len(found)])
    assert deviation[: HOUR + 1].max() == 0.0 or signal.endswith("inlet")
    assert deviation.max() > least


def test_an_analyser_shows_what_was_there_a_period_ago() -> None:
    drive = calm(unit(0)[1], 3 * HOUR)
    drive.faults[FAULT["ac_feed_ratio_shift"], HOUR:] = 1.0
    shown = seen(0, run(0, drive), drive)["feed_a"]
    changes = np.flatnonzero(np.diff(shown)) + 1
    assert set((changes * MODEL.tick_seconds) % 360) == {0}
    period = 360 // MODEL.tick_seconds
    assert abs(shown[HOUR + period + 1] - shown[HOUR]) < 1e-3  # taken at the onset, shown a period later
    assert abs(shown[HOUR + 2 * period + 1] - shown[HOUR]) > 0.01


def test_instruments_see_their_signals_within_their_ranges() -> None:
    drive = calm(unit(3)[1], HOUR)
    signals = seen(3, run(3, drive), drive)
    known = set(signals) | {"running"}
    codes = {equipment.code for equipment in MODEL.equipment}
    names = [instrument.name for instrument in MODEL.instruments]
    assert len(names) == len(set(names))
    for instrument in MODEL.instruments:
        assert instrument.equipment in codes
        assert set(re.findall(r"{(.*?)}", instrument.description)) <= codes, instrument.name
        assert instrument.scan_seconds % MODEL.tick_seconds == 0
        assert 86_400 % instrument.scan_seconds == 0
        if instrument.role == "PV":
            assert instrument.signal in known, instrument.name
            low, high = instrument.span.ends(float(signals[instrument.signal][0]))
            assert low < signals[instrument.signal].min() <= signals[instrument.signal].max() < high, instrument.name
            if instrument.limits is not None:
                limits = instrument.limits
                assert (limits.low or low) < signals[instrument.signal].min(), instrument.name
                assert signals[instrument.signal].max() < (limits.high or high), instrument.name
    described = [*(found.description for found in MODEL.equipment), *(found.description for found in MODEL.loops)]
    for text in (*described, *(found.description for found in MODEL.faults)):
        assert set(re.findall(r"{(.*?)}", text)) <= codes, text
    assert set(MODEL.idle) <= known


def test_every_published_measurement_has_an_instrument_with_its_noise() -> None:
    by_signal: dict[str, list[Instrument]] = {}
    for instrument in MODEL.instruments:
        by_signal.setdefault(instrument.signal, []).append(instrument)
    for row, name in zip(reference("measurements"), tennessee_eastman.MEASURED_NAMES, strict=True):
        (instrument,) = (found for found in by_signal[name] if found.role == "PV")
        span = instrument.span.high - instrument.span.low
        assert instrument.noise * span == pytest.approx(float(row["noise_sd"])), name
        assert instrument.is_held == (row["sampling_class"] != "continuous"), name
        assert 10.0**-instrument.decimals <= 5.0 * float(row["noise_sd"]), name
    for valve in tennessee_eastman.VALVE_NAMES[:-1]:
        assert len(by_signal[valve]) == 1
