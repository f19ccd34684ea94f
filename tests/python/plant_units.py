"""Units and drives for the tests of the process models: what acts on a unit on a calm day, and units of the fleet."""

from collections.abc import Callable
from datetime import date, timedelta

import numpy as np

from generators.chemical.faults import FaultEpisode
from generators.chemical.fleet import Unit, fleet_of
from generators.chemical.processes.model import Drive, FloatArray, ProcessModel
from generators.chemical.simulation import UnitDay, first_state, simulate_day
from generators.scenario import load_scenario

FIRST_DAY = date(2025, 3, 3)
SEED = 7


def jacobian(slope: Callable[[FloatArray], FloatArray], at: FloatArray) -> FloatArray:
    """Central differences, exact to about nine digits for these smooth models."""
    columns = []
    for number, value in enumerate(at):
        step = np.zeros_like(at)
        step[number] = 1e-5 * max(1.0, abs(value))
        columns.append((slope(at + step) - slope(at - step)) / (2.0 * step[number]))
    return np.array(columns).T


def calm(model: ProcessModel, ticks: int) -> FloatArray:
    means = [15.0, *(disturbance.mean for disturbance in model.disturbances)]
    return np.repeat(np.array(means)[:, np.newaxis], ticks + 1, axis=1)


def driven(model: ProcessModel, disturbances: FloatArray, set_points: FloatArray) -> Drive:
    """A drive without faults, noise or anything done by hand."""
    modes = np.repeat(
        np.array([loop.usual_mode for loop in model.loops], dtype=np.int8)[:, np.newaxis], disturbances.shape[1], 1
    )
    nothing = np.zeros_like(set_points)
    faults = np.zeros((len(model.faults), disturbances.shape[1]))
    return Drive(disturbances, faults, set_points, modes, nothing, nothing, np.full(model.uniforms_per_day, 0.5))


def drawn_unit(model: ProcessModel, number: int) -> Unit:
    """A unit of the model with parameters and tuning of its own, in one of the places of the small fleet."""
    plants = fleet_of(load_scenario("small", seed=SEED)).plants
    return Unit(number, plants[number % len(plants)], str(10 + number), model, 40, SEED)


def days_of(unit: Unit, days: int, episodes: list[FaultEpisode]) -> list[UnitDay]:
    """The first days of the unit, with the episodes on the first of them."""
    state, found = first_state(unit), []
    for number in range(days):
        day, state = simulate_day(unit, state, episodes if number == 0 else [], FIRST_DAY + timedelta(days=number))
        found.append(day)
    return found


def with_fault(unit: Unit, name: str, magnitude: float, hours: float) -> tuple[UnitDay, UnitDay]:
    """The first day of the unit as it is, and with an episode of the fault from two o'clock on."""
    place = [fault.name for fault in unit.model.faults].index(name)
    episode = FaultEpisode(place, 7200, 7200 + int(hours * 3600), magnitude)
    return days_of(unit, 1, [])[0], days_of(unit, 1, [episode])[0]
