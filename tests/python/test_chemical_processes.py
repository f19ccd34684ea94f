"""The plant models against the literature: steady states, eigenvalues, time constants, zeros, gains, and their control."""

import numpy as np
import pytest
from numpy.testing import assert_allclose
from scipy.linalg import eigvals

from generators.chemical.control import pi_output, stuck
from generators.chemical.processes import (
    distillation_column,
    exothermic_reactor,
    fed_batch_fermenter,
    quadruple_tank,
    tank_farm,
    tennessee_eastman,
    utilities,
    van_de_vusse_reactor,
)
from generators.chemical.processes.model import MANUAL, FloatArray, ProcessModel
from generators.chemical.processes.registry import MODELS
from generators.engine.streams import stream
from tests.python.plant_units import calm, days_of, drawn_unit, driven, jacobian

HOUR = 720  # ticks of 5 s

# A batch moves through its recipe and the levels of a tank farm move with what is received and shipped: neither ever rests, and
# the Tennessee Eastman plant is tested against its own trajectories. Their loops have tests of their own.
STEADY = [model for model in MODELS if model not in (fed_batch_fermenter.MODEL, tank_farm.MODEL, tennessee_eastman.MODEL)]


def reactor_slope(state: FloatArray, feed_temperature: float = 104.9) -> FloatArray:
    p = van_de_vusse_reactor.NOMINAL
    a, b, temperature, jacket = (float(value) for value in state)
    slope = van_de_vusse_reactor.derivatives(
        p, a, b, temperature, jacket, p.space_velocity, p.cooling_duty, p.feed_concentration, feed_temperature
    )
    return np.array(list(slope))


def tank_slope(parameters: quadruple_tank.Parameters, levels: FloatArray, voltages: FloatArray) -> FloatArray:
    out = np.empty(4)
    quadruple_tank.derivatives(
        parameters, levels, voltages[0], voltages[1], parameters.split_1, parameters.split_2, 0.0, 0.0, out
    )
    return out


def test_reactor_rests_where_klatt_and_engell_say() -> None:
    state = van_de_vusse_reactor.rest(van_de_vusse_reactor.NOMINAL)[:4]
    assert_allclose(state, [2.1400, 1.0903, 114.194, 112.910], rtol=5e-5)
    # The published cooling duty, not our valve sizing, defines the point: there the derivatives vanish.
    assert_allclose(reactor_slope(np.array([2.139998, 1.090304, 114.19419, 112.909699])), 0.0, atol=2e-3)


def test_reactor_at_hot_feed_rests_where_the_literature_says() -> None:
    state = np.array([0.7835, 0.6531, 139.99, 138.7])
    for _ in range(20):
        state = state - np.linalg.solve(jacobian(lambda x: reactor_slope(x, 130.0), state), reactor_slope(state, 130.0))
    assert_allclose(state[:3], [0.7835, 0.6531, 139.99], rtol=8e-5)


def test_reactor_has_the_published_eigenvalues() -> None:
    found = np.linalg.eigvals(jacobian(reactor_slope, np.array([2.139998, 1.090304, 114.19419, 112.909699])))
    assert_allclose(np.sort(found.real), [-117.78, -37.44, -20.51, -13.67], atol=0.01)  # 1/h: stable, 30 s to 4 min
    assert_allclose(found.imag, 0.0)


@pytest.mark.parametrize(
    ("parameters", "levels"),
    [
        (quadruple_tank.MINIMUM_PHASE, [12.263, 12.783, 1.634, 1.409]),
        (quadruple_tank.NONMINIMUM_PHASE, [12.442, 13.167, 4.730, 4.986]),
    ],
)
def test_tanks_rest_at_the_steady_state_of_the_model(parameters: quadruple_tank.Parameters, levels: list[float]) -> None:
    rest = quadruple_tank.rest(parameters)
    assert_allclose(rest[:4], levels, atol=5e-4)
    assert_allclose(tank_slope(parameters, rest[:4], rest[4:6]), 0.0, atol=1e-12)


@pytest.mark.parametrize(
    ("parameters", "time_constants", "zeros", "gain_interaction"),
    [
        (quadruple_tank.MINIMUM_PHASE, [62.4, 90.6, 22.8, 30.1], [-0.0597, -0.0175], 1.40),
        (quadruple_tank.NONMINIMUM_PHASE, None, [-0.0562, 0.01276], -0.64),
    ],
)
def test_tanks_have_the_published_dynamics(
    parameters: quadruple_tank.Parameters, time_constants: list[float] | None, zeros: list[float], gain_interaction: float
) -> None:
    rest = quadruple_tank.rest(parameters)
    a = jacobian(lambda levels: tank_slope(parameters, levels, rest[4:6]), rest[:4])
    b = jacobian(lambda voltages: tank_slope(parameters, rest[:4], voltages), rest[4:6])
    c = np.eye(2, 4)
    if time_constants is not None:
        assert_allclose(-1.0 / np.diag(a), time_constants, atol=0.06)
    gain = -c @ np.linalg.solve(a, b)
    assert gain[0, 0] * gain[1, 1] / np.linalg.det(gain) == pytest.approx(gain_interaction, abs=0.005)
    # Transmission zeros: where the Rosenbrock matrix loses rank, a generalised eigenvalue problem.
    assert_allclose(_zeros(a, b, c), zeros, atol=6e-5)


def _zeros(a: FloatArray, b: FloatArray, c: FloatArray) -> FloatArray:
    system = np.block([[a, b], [c, np.zeros((2, 2))]])
    pencil = np.zeros_like(system)
    pencil[:4, :4] = np.eye(4)
    found = eigvals(system, pencil)
    finite = found[np.isfinite(found) & (np.abs(found) < 1.0)]
    return np.sort(finite.real)


STEPS: dict[str, list[tuple[float, bool]]] = {  # of each set point, and whether it is a share of the process value
    "van_de_vusse_reactor": [(0.8, False), (-0.04, True)],
    "quadruple_tank": [(0.06, True), (-0.05, True)],
    "distillation_column": [(0.2, False), (0.0, False), (-0.2, False), (0.0, False), (5.0, False), (-5.0, False), (0.04, True)],
    "wood_berry_column": [(0.4, False), (0.0, False), (0.3, False), (0.0, False), (0.04, True)],
    "exothermic_reactor": [(0.8, False), (0.0, False), (-0.04, True)],
    "utilities": [(0.2, False), (1.5, False), (0.0, False), (-3.0, False), (0.8, False), (3.0, False), (0.1, False)],
}
SUBSTEPS = {  # of the models that integrate
    model.MODEL.name: (model.run, model.SUBSTEPS)
    for model in (
        van_de_vusse_reactor,
        quadruple_tank,
        distillation_column,
        exothermic_reactor,
        fed_batch_fermenter,
        utilities,
        tank_farm,
    )
}


def start_of(model: ProcessModel, parameters: object) -> FloatArray:
    """The process values of the loops at rest."""
    calm_drive = driven(model, calm(model, 1), np.zeros((len(model.loops), 2)))
    run = model.run(parameters, model.tuning(parameters), model.rest(parameters), calm_drive, float(model.tick_seconds))
    return run.process_values[:, 0]


def test_a_stuck_valve_moves_in_jerks() -> None:
    positions, position = [], 50.0
    for command in np.linspace(50.0, 60.0, 101):
        position = stuck(float(command), position, 2.0)
        positions.append(position)
    jumps = np.diff(positions)
    assert 4 <= np.count_nonzero(jumps) <= 5
    assert jumps[jumps > 0].min() > 2.0
    assert stuck(51.0, 50.0, 0.0) == 51.0


@pytest.mark.parametrize("model", STEADY, ids=lambda model: model.name)
@pytest.mark.parametrize("unit", range(6))
def test_loops_bring_every_drawn_unit_to_a_new_set_point(model: ProcessModel, unit: int) -> None:
    parameters = model.draw(stream(7, "test", "parameters", str(unit)))
    start = start_of(model, parameters)
    asked = start + np.array(
        [step * (value if is_relative else 1.0) for value, (step, is_relative) in zip(start, STEPS[model.name], strict=True)]
    )
    set_points = np.repeat(asked[:, np.newaxis], 24 * HOUR + 1, axis=1)
    drive = driven(model, calm(model, 24 * HOUR), set_points)
    run = model.run(parameters, model.tuning(parameters), model.rest(parameters), drive, float(model.tick_seconds))
    assert run.ticks == 24 * HOUR
    is_slave = np.array([loop.master is not None for loop in model.loops])
    assert_allclose(run.process_values[:, -1], np.where(is_slave, run.set_points[:, -1], asked), rtol=2e-4, atol=5e-4)
    assert np.all(run.set_points[is_slave, -1] != start[is_slave])  # the masters have moved them
    assert run.outputs.min() > 0.0
    assert run.outputs.max() < 100.0


@pytest.mark.parametrize("model", STEADY, ids=lambda model: model.name)
def test_nothing_moves_at_rest(model: ProcessModel) -> None:
    parameters = model.draw(stream(7, "test", "parameters", "0"))
    set_points = np.repeat(start_of(model, parameters)[:, np.newaxis], 2 * HOUR + 1, axis=1)
    drive = driven(model, calm(model, 2 * HOUR), set_points)
    run = model.run(parameters, model.tuning(parameters), model.rest(parameters), drive, float(model.tick_seconds))
    assert_allclose(run.trajectory[:, -1], run.trajectory[:, 0], rtol=1e-6)
    assert_allclose(run.state, model.rest(parameters), rtol=1e-6, atol=1e-8)


@pytest.mark.parametrize("model", MODELS, ids=lambda model: model.name)
def test_a_loop_in_manual_stands_but_for_the_operator(model: ProcessModel) -> None:
    parameters = model.draw(stream(7, "test", "parameters", "0"))
    set_points = np.repeat(1.01 * start_of(model, parameters)[:, np.newaxis], HOUR + 1, axis=1)
    drive = driven(model, calm(model, HOUR), set_points)
    drive.modes[:] = MANUAL
    drive.output_moves[0, 100] = 1.5
    outputs = model.run(parameters, model.tuning(parameters), model.rest(parameters), drive, float(model.tick_seconds)).outputs
    assert np.ptp(outputs[1:], axis=1).max() == 0.0
    assert np.array_equal(np.flatnonzero(np.diff(outputs[0])) + 1, [100])


@pytest.mark.parametrize("model", [model for model in MODELS if model.name in SUBSTEPS], ids=lambda model: model.name)
def test_halving_the_integration_step_changes_nothing_that_an_instrument_could_see(model: ProcessModel) -> None:
    parameters = model.draw(stream(7, "test", "parameters", "1"))
    rng = stream(7, "test", "disturbances")
    disturbances = calm(model, HOUR)
    sds = np.array([0.1, *(disturbance.sd for disturbance in model.disturbances)])
    disturbances += sds[:, np.newaxis] * rng.standard_normal(disturbances.shape)
    drive = driven(model, disturbances, np.repeat(1.01 * start_of(model, parameters)[:, np.newaxis], HOUR + 1, axis=1))
    run, substeps = SUBSTEPS[model.name]
    arguments = (parameters, model.tuning(parameters), model.rest(parameters), drive, float(model.tick_seconds))
    coarse = run(*arguments)
    fine = run(*arguments, substeps=2 * substeps)
    assert_allclose(coarse.trajectory, fine.trajectory, rtol=3e-4)


def test_a_larger_tank_farm_is_the_same_one_in_slow_motion() -> None:
    small = quadruple_tank.MINIMUM_PHASE
    large = small._replace(length_scale=9.0, pump_seconds=small.pump_seconds * 3.0)
    disturbances, rest = calm(quadruple_tank.MODEL, HOUR), quadruple_tank.rest(small)
    rest[:2] *= 1.05
    runs = []
    for parameters, tick_seconds in ((small, 5.0), (large, 15.0)):
        set_points = np.repeat(parameters.length_scale * rest[:2, np.newaxis], HOUR + 1, axis=1)
        drive = driven(quadruple_tank.MODEL, disturbances, set_points)
        runs.append(quadruple_tank.run(parameters, quadruple_tank.tuning(parameters), rest, drive, tick_seconds).trajectory)
    assert_allclose(runs[0], runs[1], rtol=1e-9)


def test_the_controller_neither_winds_up_nor_kicks() -> None:
    saturated = pi_output(100.0, 2.0, 60.0, 50.0, 20.0, 20.0, 5.0)
    assert saturated == 100.0
    assert pi_output(saturated, 2.0, 60.0, 50.0, 50.5, 50.5, 5.0) < 100.0  # leaves the limit as soon as the error turns
    jump = pi_output(40.0, 2.0, 60.0, 60.0, 50.0, 50.0, 5.0) - 40.0
    assert jump == pytest.approx(2.0 * 5.0 / 60.0 * 10.0)  # a set point step acts through the integral only


def test_no_two_units_are_alike() -> None:
    for model in MODELS:
        drawn = {model.draw(stream(7, "test", "parameters", str(unit))) for unit in range(50)}
        assert len(drawn) == 50
    phases = {quadruple_tank.draw(stream(7, "test", "parameters", str(unit))).is_crosswise for unit in range(50)}
    assert phases == {True, False}


@pytest.mark.parametrize("model", MODELS, ids=lambda model: model.name)
def test_units_run_for_days_without_a_trip_when_nothing_is_wrong(model: ProcessModel) -> None:
    for number in range(1, 11):
        for day in days_of(drawn_unit(model, number), 3, []):
            assert day.trips == ()
            assert all(np.isfinite(signal).all() for signal in day.signals.values())


@pytest.mark.parametrize("model", MODELS, ids=lambda model: model.name)
def test_a_day_in_two_parts_is_the_day(model: ProcessModel) -> None:
    parameters = model.draw(stream(7, "test", "parameters", "2"))
    disturbances = calm(model, HOUR) + 0.01 * stream(7, "test", "disturbances").standard_normal(
        (len(model.disturbances) + 1, 1)
    )
    drive = driven(model, disturbances, np.repeat(1.01 * start_of(model, parameters)[:, np.newaxis], HOUR + 1, axis=1))
    tuning, rest = model.tuning(parameters), model.rest(parameters)
    whole = model.run(parameters, tuning, rest, drive, float(model.tick_seconds))
    first = model.run(parameters, tuning, rest, drive.between(0, 271), float(model.tick_seconds))
    second = model.run(parameters, tuning, first.state, drive.between(271, HOUR), float(model.tick_seconds))
    assert np.array_equal(whole.trajectory[:, 271:], second.trajectory)
    assert np.array_equal(whole.outputs[:, 271:], second.outputs)
    assert np.array_equal(whole.state, second.state)
