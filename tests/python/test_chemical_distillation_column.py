"""The distillation column against Skogestad's column A: its steady state, its gains, and how strongly its loops interact."""

import numpy as np
import pytest
from numpy.testing import assert_allclose

from generators.chemical.processes import distillation_column
from generators.chemical.processes.distillation_column import FEED_STAGE, NOMINAL, STAGES
from generators.chemical.processes.model import FloatArray
from tests.python.plant_units import drawn_unit, jacobian, with_fault

REST = distillation_column.rest(NOMINAL)
FLOWS = distillation_column.normal_flows(NOMINAL)


def slope(state: FloatArray, flows: FloatArray, feed_composition: float = 0.5) -> FloatArray:
    out = np.empty(2 * STAGES)
    distillation_column.derivatives(NOMINAL, FLOWS[0], state, flows, feed_composition, out)
    return out


def products(reflux: float, boilup: float, feed: float = 1.0, feed_composition: float = 0.5) -> FloatArray:
    """Compositions of distillate and bottoms in steady state when the levels are held: Newton on the 41 stages."""
    flows = np.array([reflux, boilup, boilup - reflux, reflux + feed - boilup, feed])
    holdups = np.full(STAGES, NOMINAL.tray_holdup)
    holdups[1:-1] += NOMINAL.hydraulic_minutes * (reflux - FLOWS[0])
    holdups[1:FEED_STAGE] += NOMINAL.hydraulic_minutes * (feed - 1.0)

    def rates(x: FloatArray) -> FloatArray:
        return slope(np.concatenate((x, holdups)), flows, feed_composition)[:STAGES]

    x = REST[:STAGES]
    for _ in range(8):
        x = x - np.linalg.solve(jacobian(rates, x), rates(x))
    assert_allclose(rates(x), 0.0, atol=1e-12)
    return x[[-1, 0]]


def gain(**moved: float) -> FloatArray:
    """Change of both products by one unit of a flow or composition."""
    ((name, by),) = moved.items()
    point = {"reflux": FLOWS[0], "boilup": FLOWS[1], "feed": 1.0, "feed_composition": 0.5}
    up, down = (products(**(point | {name: point[name] + step})) for step in (by, -by))
    return (up - down) / (2.0 * by)


def test_column_rests_where_skogestad_says() -> None:
    assert_allclose(FLOWS, [2.70629, 3.20629, 0.5, 0.5, 1.0], atol=5e-6)
    assert REST[0] == pytest.approx(0.01, abs=1e-9)
    assert REST[STAGES - 1] == pytest.approx(0.99, abs=1e-9)
    assert REST[FEED_STAGE - 1] == pytest.approx(0.4987, abs=5e-5)
    assert_allclose(slope(REST[: 2 * STAGES], FLOWS), 0.0, atol=1e-9)


def test_column_settles_there_from_anywhere() -> None:
    state = np.concatenate((np.linspace(0.05, 0.95, STAGES), np.full(STAGES, 0.5)))
    for _ in range(60 * 1500):  # Euler steps of 1 s; the levels are held by distillate and bottoms, 10 kmol/min per kmol
        levels = 10.0 * (state[[2 * STAGES - 1, STAGES]] - 0.5)
        state += slope(state, np.array([2.70629, 3.20629, 0.5 + levels[0], 0.5 + levels[1], 1.0])) / 60.0
    assert state[0] == pytest.approx(0.01, abs=5e-5)
    assert state[STAGES - 1] == pytest.approx(0.99, abs=5e-5)
    assert_allclose(state[STAGES:], 0.5, atol=1e-6)


def test_column_has_the_published_gains_and_interaction() -> None:
    gains = np.column_stack((gain(reflux=1e-4), gain(boilup=1e-4)))
    assert_allclose(gains, [[0.8754, -0.8618], [1.0846, -1.0982]], atol=6e-5)
    assert gains[0, 0] * gains[1, 1] / np.linalg.det(gains) == pytest.approx(35.94, abs=0.02)
    assert np.linalg.cond(gains) == pytest.approx(145.0, abs=1.0)
    assert_allclose(gain(feed=1e-4), [0.3939, 0.5861], atol=6e-5)
    assert_allclose(gain(feed_composition=1e-4), [0.8812, 1.1188], atol=1e-4)


def test_a_tray_boils_between_the_pure_components() -> None:
    pressures = np.full(STAGES, distillation_column.PRESSURE_BAR)
    temperatures = distillation_column.boiling_point(NOMINAL, REST[:STAGES], pressures)
    assert np.all(np.diff(temperatures) < 0.0)
    assert_allclose(temperatures[[0, -1]], [57.5 - 0.01 * 12.8, 44.7 + 0.01 * 12.8])


@pytest.mark.parametrize("number", [1, 2, 3])
def test_no_analysis_shows_between_two_injections(number: int) -> None:
    day, _ = with_fault(drawn_unit(distillation_column.MODEL, number), "tray_damage", 0.5, 1.0)
    moves = np.flatnonzero(np.diff(day.signals["process_value_0"]))
    assert len(moves) > 280
    assert set(np.diff(moves)) == {60}  # ticks of 5 s


def test_faults_show_where_they_should() -> None:
    unit = drawn_unit(distillation_column.MODEL, 2)
    normal = unit.normal
    sound, damaged = with_fault(unit, "tray_damage", 0.6, 10.0)
    span = slice(10 * 720, 12 * 720)
    assert damaged.signals["reflux_flow"][span].mean() > 1.05 * sound.signals["reflux_flow"][span].mean()
    _, starved = with_fault(unit, "steam_pressure_loss", -0.40, 3.0)
    assert starved.signals["bottoms_analysis"][1440:3600].max() > normal["bottoms_analysis"] + 1.0
    _, hot = with_fault(unit, "condenser_cooling_loss", 1.3, 3.0)
    assert len(hot.trips) == 1
    tick = hot.trips[0].from_second // 5
    assert hot.signals["top_pressure"][tick] > distillation_column.PRESSURE_TRIP_BAR
    assert hot.signals["running"][tick + 1] == 0.0
