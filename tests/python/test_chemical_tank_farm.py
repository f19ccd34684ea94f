"""Tank farm: no tonne is lost, the line-up keeps the plant fed and its product stored, and a leak is found in the bund."""

from datetime import date, timedelta

import numpy as np
import pytest
from numpy.testing import assert_allclose

from generators.chemical.faults import FaultEpisode
from generators.chemical.fleet import Unit, fleet_of
from generators.chemical.processes import tank_farm
from generators.chemical.processes.model import AUTO, Drive, FloatArray, Run
from generators.chemical.simulation import first_state, simulate_day
from generators.scenario import load_scenario

MODEL = tank_farm.MODEL
FLOWS, LINE_UP = tank_farm.STATES + 6, tank_farm.STATES + 6 + tank_farm.FLOWS
PLANTS = fleet_of(load_scenario("medium", seed=42)).plants


def a_run(fault: str | None = None, magnitude: float = 0.0, hours: int = 48, step: FloatArray | None = None) -> Run:
    p, ticks = tank_farm.NOMINAL, hours * 720
    disturbances = np.repeat(np.array([[15.0], *([kind.mean] for kind in MODEL.disturbances)]), ticks + 1, axis=1)
    faults = np.zeros((len(MODEL.faults), ticks + 1))
    if fault is not None:
        faults[[found.name for found in MODEL.faults].index(fault)] = magnitude
    asked = np.array([3.0 * p.rate, p.rate, p.rate, 3.0 * p.rate, 60.0, 60.0])
    set_points = np.repeat(asked[:, np.newaxis], ticks + 1, axis=1)
    if step is not None:
        set_points += step[:, np.newaxis]
    nothing = np.zeros_like(set_points)
    drive = Drive(disturbances, faults, set_points, np.full(nothing.shape, AUTO, np.int8), nothing, nothing, np.full(2, 0.5))
    return tank_farm.run(p, tank_farm.tuning(p), tank_farm.rest(p), drive, 5.0)


def a_unit(number: int) -> Unit:
    return Unit(number, PLANTS[number % len(PLANTS)], str(10 + number), MODEL, len(MODEL.instruments), 42)


@pytest.mark.parametrize(("fault", "magnitude"), [(None, 0.0), ("tank_leak", 0.1), ("valve_passes", 0.3)])
def test_masses_balance_to_rounding(fault: str | None, magnitude: float) -> None:
    run = a_run(fault, magnitude)
    masses, flows = run.trajectory[: tank_farm.CELSIUS], run.trajectory[FLOWS:LINE_UP, :-1]
    t, hours = tank_farm, 1.0 / 720.0
    for tank in range(t.TANKS):
        net = flows[t.IN + tank] - flows[t.OUT + tank]
        assert_allclose(np.diff(masses[tank]), net * hours, rtol=0.0, atol=1e-12 * t.NOMINAL.capacity)
    assert_allclose(np.diff(masses[t.BUND]), (flows[t.LEAKED] - flows[t.PUMPED_OUT]) * hours, rtol=0.0, atol=1e-12)
    inside = masses.sum(axis=0)
    across = flows[t.RECEIVED] + flows[t.MADE] - flows[t.FED] - flows[t.SHIPPED] - flows[t.PUMPED_OUT]
    assert np.ptp(inside) > 50.0
    assert_allclose(inside[-1] - inside[0], across.sum() * hours, rtol=0.0, atol=1e-8)
    if fault == "tank_leak":
        assert flows[t.LEAKED].sum() * hours > 30.0
    if fault == "valve_passes":
        assert flows[t.PASSED].sum() * hours > 50.0


def test_a_leak_is_found_in_the_bund_and_in_no_meter() -> None:
    sound, leaking = a_run(), a_run("tank_leak", 0.05)
    assert np.ptp(sound.trajectory[tank_farm.BUND]) == 0.0
    assert leaking.trajectory[tank_farm.BUND, -1] > 1.0
    assert_allclose(leaking.process_values[1:3], sound.process_values[1:3], rtol=0.02)


def test_movements_change_over_and_keep_the_plant_going() -> None:
    run = a_run(hours=120)
    line_up = run.trajectory[LINE_UP:]
    assert np.count_nonzero(np.diff(line_up[tank_farm.FEEDING])) >= 4
    assert np.count_nonzero(np.diff(line_up[tank_farm.FILLING])) >= 4
    assert (line_up[tank_farm.FEEDING] != line_up[tank_farm.RECEIVING]).all()
    assert (line_up[tank_farm.FILLING] != line_up[tank_farm.SHIPPING]).all()
    stands = line_up[tank_farm.RECEIVING] < 0.0
    assert 0.2 < stands.mean() < 0.9
    assert (run.set_points[tank_farm.RECEIPT, stands] == 0.0).all()
    flows = run.trajectory[FLOWS:LINE_UP]
    assert_allclose(flows[[tank_farm.FED, tank_farm.MADE]], tank_farm.NOMINAL.rate, rtol=0.01)


def test_loops_follow_the_operators() -> None:
    step = np.array([3.0, 1.0, -1.0, -3.0, 1.0, -1.0])
    run = a_run(hours=30, step=step)
    for loop in range(6):
        moving = run.set_points[loop] > 0.0
        moving[:2880] = False
        assert moving.sum() > 720
        error = np.abs(run.process_values[loop] - run.set_points[loop])[moving]
        assert np.median(error) < (0.5 if loop >= tank_farm.COIL_3 else 0.01), MODEL.loops[loop].name


def test_drawn_units_run_four_days_within_their_limits() -> None:
    for number in range(1, 11):
        unit = a_unit(number)
        state = first_state(unit)
        for day in range(4):
            found, state = simulate_day(unit, state, [], date(2025, 12, 1) + timedelta(days=day))
            assert not found.trips
            assert all(np.isfinite(signal).all() for signal in found.signals.values())
            for tank in (1, 2, 3, 4):
                level = found.signals[f"level_{tank}"]
                assert level.min() > tank_farm.RUN_DRY + 5.0 and level.max() < tank_farm.OVERFILL - 5.0
            assert found.signals["to_plant"].min() > 0.0


def test_faults_raise_their_alarms() -> None:
    expected = {
        "tank_leak": ("LI-107", 1), "feed_pump_wear": ("FIC-102.PV", -1), "coil_fouling": ("TIC-106.PV", -1),
        "steam_pressure_loss": ("PI-145", -1), "cold_make": ("TI-147", -1),
    }  # fmt: skip
    unit = a_unit(3)
    names = [fault.name for fault in MODEL.faults]
    for name, (tag, sign) in expected.items():
        low, high = sorted(MODEL.faults[names.index(name)].magnitudes, key=abs)
        episode = FaultEpisode(names.index(name), 3600, 80_000, high)
        found, _ = simulate_day(unit, first_state(unit), [episode], date(2025, 12, 1))
        instrument = next(found for found in MODEL.instruments if found.name == tag)
        assert instrument.limits is not None
        limit = instrument.limits.high if sign > 0 else instrument.limits.low
        assert limit is not None and abs(low) < abs(high)
        if instrument.limits.relative:
            limit *= unit.normal[instrument.signal]
        assert (sign * (found.signals[instrument.signal] - limit) > 0.0).any(), name
