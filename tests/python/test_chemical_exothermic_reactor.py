"""The exothermic reactor: three steady states, a saddle that only control can hold, and what happens without it."""

import numpy as np
import pytest
from numpy.testing import assert_allclose
from numpy.typing import NDArray
from scipy.optimize import brentq

from generators.chemical.processes import exothermic_reactor
from generators.chemical.processes.exothermic_reactor import NOMINAL, TRIP_CELSIUS
from generators.chemical.processes.model import MANUAL, FloatArray, Run
from generators.engine.streams import stream
from tests.python.plant_units import calm, drawn_unit, driven, jacobian, with_fault

HOUR = 720


def slope(state: FloatArray, coolant: float) -> FloatArray:
    """Rates of concentration and temperature per minute with the coolant fixed, in K."""
    return np.array(exothermic_reactor.derivatives(NOMINAL, float(state[0]), float(state[1]), coolant, 100.0, 1.0, 350.0))


def steady_states(coolant: float) -> list[FloatArray]:
    """All of them, coldest first."""

    def at(temperature: float) -> FloatArray:
        return np.array([1.0 / (1.0 + 7.2e10 * np.exp(-8750.0 / temperature)), temperature])

    def heating(temperature: float) -> float:
        return float(slope(at(temperature), coolant)[1])

    grid = np.linspace(290.0, 420.0, 1301)
    signs = np.sign([heating(float(temperature)) for temperature in grid])
    crossings = np.flatnonzero(np.diff(signs))
    return [at(brentq(heating, grid[place], grid[place + 1], xtol=1e-12)) for place in crossings]


def eigenvalues(state: FloatArray, coolant: float) -> NDArray[np.complex128]:
    return np.asarray(np.sort_complex(np.linalg.eigvals(jacobian(lambda x: slope(x, coolant), state))))


def test_reactor_has_the_published_steady_states() -> None:
    cold, middle, hot = steady_states(300.0)
    assert_allclose(cold, [0.8773, 324.475], atol=6e-4)
    assert_allclose(middle, [0.4999, 350.006], atol=6e-4)
    assert_allclose(hot, [0.2088, 369.705], atol=6e-4)
    assert_allclose(steady_states(290.0), [[0.9519, 312.66]], atol=6e-3)
    assert_allclose(steady_states(305.0), [[0.1352, 378.07]], atol=6e-3)


def test_the_middle_one_is_a_saddle_and_the_others_turn() -> None:
    cold, middle, hot = (eigenvalues(state, 300.0) for state in steady_states(300.0))
    assert_allclose(middle, [-0.454, 2.834], atol=2e-3)
    assert cold.real.max() < 0.0 < abs(cold.imag).max()
    assert hot.real.min() > 0.0 and abs(hot.imag).max() > 0.0


def test_with_warmer_coolant_the_reactor_oscillates_for_ever() -> None:
    state, h, path = np.array([0.5, 350.0]), 0.002, []
    for step in range(20_000):  # 40 minutes, Runge-Kutta
        k1 = slope(state, 305.0)
        k2 = slope(state + 0.5 * h * k1, 305.0)
        k3 = slope(state + 0.5 * h * k2, 305.0)
        k4 = slope(state + h * k3, 305.0)
        state = state + h / 6.0 * (k1 + 2.0 * k2 + 2.0 * k3 + k4)
        if step >= 10_000:
            path.append(state[1])
    first, second = np.array(path).reshape(2, -1)
    assert np.ptp(first) > 10.0
    assert np.ptp(second) == pytest.approx(np.ptp(first), rel=0.02)


def test_rest_is_the_saddle_at_the_published_point() -> None:
    rest = exothermic_reactor.rest(NOMINAL)
    assert_allclose(rest[:3], [0.5, 350.0, 300.0], atol=2e-3)
    assert_allclose(slope(rest[:2], float(rest[2])), 0.0, atol=1e-9)


def run_of(number: int, feed_kelvin: float, hours: int, *, hangs: bool = False, manual: tuple[int, ...] = ()) -> Run:
    """A drawn unit at rest when its feed becomes so much warmer, with loops in manual or a controller that hangs."""
    model = exothermic_reactor.MODEL
    parameters = model.draw(stream(7, "test", "parameters", str(number)))
    ticks, rest = hours * HOUR, exothermic_reactor.rest(parameters)
    disturbances = calm(model, ticks)
    disturbances[2, 60:] = feed_kelvin
    flow = exothermic_reactor.cubic_metres_per_hour(parameters, parameters.flow)
    set_points = np.repeat([[parameters.reactor_temperature - 273.15], [rest[2] - 273.15], [flow]], ticks + 1, axis=1)
    drive = driven(model, disturbances, set_points)
    for loop in manual:
        drive.modes[loop] = MANUAL
    drive.faults[exothermic_reactor.CONTROLLER_HANGS] = float(hangs)
    return exothermic_reactor.run(parameters, exothermic_reactor.tuning(parameters), rest, drive, 5.0)


@pytest.mark.parametrize("number", range(5))
def test_without_control_the_reactor_runs_away_or_goes_out(number: int) -> None:
    hot, cold = run_of(number, 1.0, 4, hangs=True), run_of(number, -1.0, 4, hangs=True)
    assert hot.ticks < 2 * HOUR
    assert hot.trajectory[1, hot.ticks] - 273.15 > TRIP_CELSIUS
    assert cold.ticks == 4 * HOUR
    assert 305.0 < cold.trajectory[1, -1] < 325.0  # cold: the coolant flows on
    controlled = run_of(number, 1.0, 4)
    assert controlled.trajectory[1, -1] == pytest.approx(350.0, abs=0.05)


@pytest.mark.parametrize("manual", [(0,), (1,), (0, 1)], ids=["master", "slave", "both"])
@pytest.mark.parametrize("feed_kelvin", [1.0, -1.0])
def test_the_override_keeps_a_reactor_in_manual_near_its_set_point(manual: tuple[int, ...], feed_kelvin: float) -> None:
    for number in range(5):
        run = run_of(number, feed_kelvin, 4, manual=manual)
        assert run.ticks == 4 * HOUR
        distance = np.abs(run.trajectory[1] - 350.0)
        assert exothermic_reactor.OVERRIDE_KELVIN < distance.max() < 6.0  # it does leave, and it is brought back


def test_faults_show_where_they_should() -> None:
    unit = drawn_unit(exothermic_reactor.MODEL, 2)
    sound, sticking = with_fault(unit, "coolant_valve_sticks", 10.0, 4.0)
    span = slice(1440, 1440 + 4 * 720)
    strayed, usual = ((day.signals["jacket"] - day.signals["set_point_1"])[span].std() for day in (sticking, sound))
    assert strayed > 2.0 * usual
    _, dry = with_fault(unit, "coolant_pressure_loss", -0.93, 2.0)
    assert len(dry.trips) == 1
    tick = dry.trips[0].from_second // 5
    assert 1440 < tick < 1440 + 2 * 720
    assert dry.signals["temperature"][tick] > TRIP_CELSIUS
    _, hanging = with_fault(unit, "controller_hangs", 1.0, 1.5)
    assert np.ptp(hanging.signals["output_1"][1440 : 1440 + 60]) == 0.0
