"""Utilities: what goes in less what goes out is the change of what is held, the loops hold, and faults show where they must."""

from datetime import date, timedelta

import numpy as np
import pytest
from numpy.testing import assert_allclose

from generators.chemical.fleet import Unit, fleet_of
from generators.chemical.processes import utilities
from generators.chemical.processes.model import AUTO, CASCADE, Drive, FloatArray, Run
from generators.chemical.simulation import first_state, simulate_day
from generators.engine.streams import stream
from generators.scenario import load_scenario

MODEL = utilities.MODEL
HOURS = 1.0 / 720.0  # in a tick of 5 s
FLOWS = utilities.STATES + 7


def a_run(fault: str | None = None, magnitude: float = 0.0, ticks: int = 6 * 720, surge: float = 0.0) -> tuple[Run, FloatArray]:
    """A run of the nominal unit with disturbances that wander, and what loops were asked for."""
    rng = stream(7, "test", "utilities")
    p = utilities.NOMINAL
    kinds = MODEL.disturbances
    wander = (
        0.3
        * np.array([kind.sd for kind in kinds])[:, np.newaxis]
        * np.sin(np.arange(ticks + 1) / 700.0 + rng.uniform(0.0, 6.0, (len(kinds), 1)))
    )
    disturbances = np.vstack([np.full(ticks + 1, 15.0), wander + np.array([[kind.mean] for kind in kinds])])
    disturbances[1, ticks // 2 :] += surge
    faults = np.zeros((len(MODEL.faults), ticks + 1))
    if fault is not None:
        faults[[found.name for found in MODEL.faults].index(fault)] = magnitude
    asked = np.array([p.steam_bar, 50.0, 0.0, 60.0, p.supply_celsius, 60.0, utilities.AIR_BAR])
    set_points = np.repeat(asked[:, np.newaxis], ticks + 1, axis=1)
    nothing = np.zeros_like(set_points)
    modes = np.full(set_points.shape, AUTO, dtype=np.int8)
    modes[utilities.FEED] = CASCADE
    drive = Drive(disturbances, faults, set_points, modes, nothing, nothing, np.empty(0))
    return utilities.run(p, utilities.tuning(p), utilities.rest(p), drive, 5.0), disturbances


@pytest.mark.parametrize(("fault", "magnitude"), [(None, 0.0), ("tube_leak", 0.15), ("air_leak", 0.5)])
def test_masses_balance_to_rounding(fault: str | None, magnitude: float) -> None:
    run, _ = a_run(fault, magnitude)
    states, flows = run.trajectory[: utilities.STATES], run.trajectory[FLOWS:, :-1]
    u = utilities
    balances = {
        u.DRUM: flows[u.FEEDWATER] - flows[u.STEAM] - flows[u.BLOWDOWN] - flows[u.TUBE_LEAK],
        u.DEAERATOR: flows[u.FRESH] + flows[u.CONDENSATE] - flows[u.FEEDWATER],
        u.BASIN: flows[u.TOWER_FRESH] - flows[u.EVAPORATED] - flows[u.TOWER_BLOWDOWN],
        u.RECEIVER: flows[u.AIR_IN] - flows[u.AIR_OUT] - flows[u.AIR_LOST],
    }
    for state, net in balances.items():
        assert np.ptp(states[state]) > 0.0
        assert_allclose(states[state, -1] - states[state, 0], net.sum() * HOURS, rtol=0.0, atol=1e-10 * states[state, 0])
        assert_allclose(np.diff(states[state]), net * HOURS, rtol=0.0, atol=1e-13 * states[state, 0])


def test_heat_fired_makes_the_steam_that_leaves() -> None:
    p = utilities.NOMINAL
    made = utilities.normal_heat(p) * 0.92 * 3600.0  # MJ/h
    # 14 t/h from water of 105 °C to steam of 10 bar over ambient, and the blowdown to 184 °C: steam tables, to 1 %.
    assert made == pytest.approx(14.0 * (2780.0 - 440.0) + 0.42 * (781.0 - 440.0), rel=0.01)


def test_the_tower_evaporates_what_its_duty_asks() -> None:
    p = utilities.NOMINAL
    run, _ = a_run()
    evaporated = run.trajectory[FLOWS + utilities.EVAPORATED].mean()
    # The rule of thumb: 1.5 % of the circulation for each 10 K (0.85 for each 10 °F and 1 % there).
    assert evaporated / p.circulation == pytest.approx(0.0153 * 0.8, rel=0.1)


def test_a_surge_swells_the_drum_before_it_empties_it() -> None:
    run, disturbances = a_run(surge=0.3, ticks=4 * 720)
    at = 2 * 720
    level = MODEL.signals(utilities.NOMINAL, run.trajectory, disturbances)["drum_level"]
    assert level[at] > level[at - 1] + 1.0
    assert run.trajectory[utilities.DRUM, at + 12] < run.trajectory[utilities.DRUM, at - 1]


def test_loops_hold_what_they_are_to_hold() -> None:
    run, _ = a_run(ticks=24 * 720)
    assert run.ticks == 24 * 720
    late = run.process_values[:, 720:]
    for loop, within in ((0, 0.1), (1, 2.0), (3, 3.0), (4, 0.6), (5, 3.0), (6, 0.1)):
        assert np.abs(late[loop] - run.set_points[loop, 720:]).max() < within, MODEL.loops[loop].name
    assert_allclose(run.set_points[utilities.FEED], run.outputs[utilities.LEVEL] / 50.0 * 1.03 * utilities.NOMINAL.steam)


def test_faults_show_where_they_must() -> None:
    def at_the_end(fault: str | None, magnitude: float) -> dict[str, float]:
        run, disturbances = a_run(fault, magnitude, ticks=8 * 720)
        found = MODEL.signals(utilities.NOMINAL, run.trajectory, disturbances)
        return {name: float(signal[-720:].mean()) for name, signal in found.items()}

    sound = at_the_end(None, 0.0)
    assert abs(sound["water_balance"]) < 0.3
    assert at_the_end("tube_leak", 0.15)["water_balance"] > 1.5
    assert at_the_end("burner_fouling", 0.12)["boiler_efficiency"] < sound["boiler_efficiency"] - 8.0
    assert at_the_end("air_leak", 0.5)["air_made"] > 1.4 * sound["air_made"]
    assert at_the_end("fan_weak", 0.6)["fan_speed"] > 1.5 * sound["fan_speed"]


def test_the_boiler_trips_when_its_drum_runs_low() -> None:
    run, _ = a_run("feed_pump_wear", 0.95)
    assert run.ticks < 6 * 720
    end = run.trajectory[:, run.ticks]
    level = utilities.drum_level(utilities.NOMINAL, end[utilities.DRUM], end[FLOWS + utilities.STEAM], end[utilities.STEAM_BAR])
    assert level < utilities.LOWEST_DRUM


def test_drawn_units_run_four_days_without_a_trip() -> None:
    plants = fleet_of(load_scenario("medium", seed=42)).plants
    for number in range(1, 11):
        unit = Unit(number, plants[number % len(plants)], str(10 + number), MODEL, len(MODEL.instruments), 42)
        state = first_state(unit)
        for day in range(4):
            found, state = simulate_day(unit, state, [], date(2025, 7, 1) + timedelta(days=day))
            assert not found.trips
            assert all(np.isfinite(signal).all() for signal in found.signals.values())
