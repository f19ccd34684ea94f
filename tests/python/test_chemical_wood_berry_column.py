"""Wood and Berry's column: every response has the published gain, lag and dead time, at any length of the tick."""

import numpy as np
import pytest
from numpy.testing import assert_allclose

from generators.chemical.processes import wood_berry_column
from generators.chemical.processes.model import MANUAL, FloatArray
from generators.chemical.processes.wood_berry_column import HISTORY, NOMINAL
from tests.python.plant_units import calm, drawn_unit, driven, with_fault

PAIRS = [(top_or_bottom, flow) for top_or_bottom in range(2) for flow in range(3)]


def step_response(flow: int, tick_seconds: float, ticks: int) -> FloatArray:
    """Both compositions after a step of one lb/min at tick 0, shape (2, ticks + 1)."""
    responses = wood_berry_column.discretised(NOMINAL, tick_seconds)
    flows = np.zeros((3, HISTORY + ticks + 1))
    flows[flow, HISTORY:] = 1.0
    parts, out = np.zeros(6), np.zeros((2, ticks + 1))
    for tick in range(ticks):
        wood_berry_column.respond(responses, flows, HISTORY + tick, parts)
        out[:, tick + 1] = parts.reshape(2, 3).sum(axis=1)
    return out


def test_gains_and_interaction_are_the_published_ones() -> None:
    gains = np.array([step_response(flow, 60.0, 600)[:, -1] for flow in range(3)]).T
    assert_allclose(gains, [[12.8, -18.9, 3.8], [6.6, -19.4, 4.9]], rtol=1e-9)
    assert gains[0, 0] * gains[1, 1] / np.linalg.det(gains[:, :2]) == pytest.approx(2.009, abs=5e-4)


@pytest.mark.parametrize(("place", "flow"), PAIRS)
def test_a_response_begins_after_its_dead_time_and_is_at_63_per_cent_a_lag_later(place: int, flow: int) -> None:
    tick_seconds = 6.0  # a tenth of a minute: all dead times and lags are whole ticks
    dead, lag = (round(10 * values[3 * place + flow]) for values in (NOMINAL.dead_times, NOMINAL.lags))
    response = step_response(flow, tick_seconds, 600)[place] / NOMINAL.gains[3 * place + flow]
    assert np.count_nonzero(response[: dead + 1]) == 0
    assert response[dead + 1] > 0.0
    assert response[dead + lag] == pytest.approx(1.0 - np.exp(-1.0), rel=1e-12)


@pytest.mark.parametrize(("place", "flow"), PAIRS)
def test_a_dead_time_between_two_ticks_is_exact_too(place: int, flow: int) -> None:
    gain, lag, dead = (values[3 * place + flow] for values in (NOMINAL.gains, NOMINAL.lags, NOMINAL.dead_times))
    minutes = np.arange(601) * 5.0 / 60.0
    exact = gain * (1.0 - np.exp(-np.maximum(minutes - dead, 0.0) / lag))
    assert_allclose(step_response(flow, 5.0, 600)[place], exact, rtol=1e-9, atol=1e-12)


def test_the_unit_answers_a_move_of_its_reflux_valve_by_the_published_gain() -> None:
    model = wood_berry_column.MODEL
    ticks, loops = 3 * 720, len(model.loops)
    drive = driven(model, calm(model, ticks), np.zeros((loops, ticks + 1)))
    drive.modes[:] = MANUAL
    drive.output_moves[wood_berry_column.FIC_REFLUX, 10] = 1.0
    rest = wood_berry_column.rest(NOMINAL)
    trajectory = wood_berry_column.run(NOMINAL, wood_berry_column.tuning(NOMINAL), rest, drive, 5.0).trajectory
    moved = 1.0 / wood_berry_column.VALVE_NORMAL[0] * NOMINAL.reflux
    assert trajectory[0, -1] - trajectory[0, 0] == pytest.approx(12.8 * moved, rel=1e-3)
    assert trajectory[1, -1] - trajectory[1, 0] == pytest.approx(6.6 * moved, rel=1e-3)


def test_a_slave_in_manual_takes_its_master_along() -> None:
    model = wood_berry_column.MODEL
    ticks = 720
    rest = wood_berry_column.rest(NOMINAL)
    start = np.array([96.25, 0.0, 0.5, 0.0, wood_berry_column.kilograms_per_hour(NOMINAL, 2.45)])
    drive = driven(model, calm(model, ticks), np.repeat(start[:, np.newaxis], ticks + 1, axis=1))
    drive.modes[wood_berry_column.FIC_REFLUX, 100:400] = MANUAL
    drive.output_moves[wood_berry_column.FIC_REFLUX, 110] = 2.0
    run = wood_berry_column.run(NOMINAL, wood_berry_column.tuning(NOMINAL), rest, drive, 5.0)
    reflux, asked = run.process_values[1], run.set_points[1]
    assert_allclose(asked[100:400], reflux[100:400])
    assert abs(run.outputs[0, 399] - run.outputs[0, 99]) > 2.0
    assert_allclose(np.diff(run.outputs[:2, 395:405]), 0.0, atol=0.2)  # nothing jumps when the cascade is closed again


def test_faults_show_where_they_should() -> None:
    unit = drawn_unit(wood_berry_column.MODEL, 2)
    sound, damaged = with_fault(unit, "tray_damage", 1.2, 8.0)
    onset = slice(1440, 1440 + 240)
    assert damaged.signals["distillate_methanol"][onset].min() < sound.signals["distillate_methanol"][onset].min() - 0.8
    late = slice(6 * 720, 10 * 720)
    assert damaged.signals["reflux_flow"][late].mean() > 1.04 * sound.signals["reflux_flow"][late].mean()
    _, starved = with_fault(unit, "steam_pressure_loss", -0.70, 3.0)
    assert starved.signals["steam_valve"][1440:3600].max() > 1.5 * sound.signals["steam_valve"].max()
