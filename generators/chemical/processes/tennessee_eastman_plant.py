"""The Tennessee Eastman plant as it runs: all that it remembers in one vector, and one second of its life."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from generators.chemical.compiled import compiled
from generators.chemical.processes.model import FloatArray
from generators.chemical.processes.tennessee_eastman_control import CONTROL_LOOPS, LOOPS, MEASURED, START_OUTPUTS, Controllers
from generators.chemical.processes.tennessee_eastman_disturbances import (
    DISTURBANCES,
    PIECE,
    WALKS,
    accept,
    continue_walks,
    first_pieces,
    surroundings,
)
from generators.chemical.processes.tennessee_eastman_physics import (
    ANALYSES,
    BASE_POSITIONS,
    BASE_STATES,
    CONTINUOUS,
    STATES,
    VALVES,
    Parameters,
    advance_one_second,
    evaluate,
    workspace,
)

VESSELS = 4


class Plant(NamedTuple):
    """Views into the vector of all that the plant remembers."""

    states: FloatArray  # (50,)
    temperatures: FloatArray  # (4,), where the next Newton iterations start
    commands: FloatArray  # (12,), accepted by the valves, %
    pieces: FloatArray  # (12, 6), of the random walks
    controllers: Controllers
    process_values: FloatArray  # (19,), last seen by the loops
    taken: FloatArray  # (19,), in the analysers
    shown: FloatArray  # (19,), by the analysers
    seconds: FloatArray  # (1,), since the start; a whole number


@compiled
def plant_of(memory: FloatArray) -> Plant:
    """The vector taken apart, without a copy."""
    row = 0
    states = memory[row : row + STATES]
    row += STATES
    temperatures = memory[row : row + VESSELS]
    row += VESSELS
    commands = memory[row : row + VALVES]
    row += VALVES
    pieces = memory[row : row + WALKS * PIECE].reshape((WALKS, PIECE))
    row += WALKS * PIECE
    outputs = memory[row : row + VALVES]
    row += VALVES
    errors = memory[row : row + LOOPS]
    row += LOOPS
    set_points = memory[row : row + LOOPS]
    row += LOOPS
    process_values = memory[row : row + LOOPS]
    row += LOOPS
    taken = memory[row : row + ANALYSES]
    row += ANALYSES
    shown = memory[row : row + ANALYSES]
    row += ANALYSES
    override = memory[row : row + 1]
    seconds = memory[row + 1 : row + 2]
    controllers = Controllers(outputs, errors, set_points, override)
    return Plant(states, temperatures, commands, pieces, controllers, process_values, taken, shown, seconds)


MEMORY = STATES + VESSELS + 2 * VALVES + WALKS * PIECE + 3 * LOOPS + 2 * ANALYSES + 2


def base_case() -> FloatArray:
    """The published operating point with its controllers, the walks at rest and the analysers settled, shape (279,)."""
    memory = np.zeros(MEMORY)
    plant = plant_of(memory)
    plant.states[:] = BASE_STATES + BASE_POSITIONS
    plant.temperatures[:] = 100.0
    plant.commands[:] = plant.controllers.outputs[:] = START_OUTPUTS
    plant.controllers.set_points[:] = [loop.set_point for loop in CONTROL_LOOPS]
    begin(plant, Parameters())
    return memory


def begin(plant: Plant, parameters: Parameters) -> None:
    """Start the clock, the walks and the analysers at the state that the plant is in."""
    work = workspace()
    plant.seconds[0] = 0.0
    plant.pieces[:] = first_pieces()
    calm, states, temperatures = np.zeros(DISTURBANCES), plant.states, plant.temperatures
    look(parameters, states, temperatures, plant.pieces, 0.0, calm, calm, 0, 0.0, *work)
    plant.taken[:] = plant.shown[:] = work.measured[CONTINUOUS:]
    plant.process_values[:] = work.measured[MEASURED]


@compiled
def look(
    parameters: Parameters,
    states: FloatArray,
    temperatures: FloatArray,
    pieces: FloatArray,
    hours: float,
    magnitudes: FloatArray,
    uniforms: FloatArray,
    used: int,
    water_shift: float,
    rates: FloatArray,
    measured: FloatArray,
    mixtures: FloatArray,
) -> tuple[bool, int]:
    """Rates and true measurements of a moment. Returns whether the unit trips, and how many draws are used.

    `magnitudes` has one entry per disturbance, `uniforms` serve the walks from `used` on, `water_shift` is in °C. The arrays
    are those of the plant and the workspace, one by one: handing over their tuples takes as long as the physics.
    """
    used = continue_walks(pieces, magnitudes, hours, uniforms, used)
    around = surroundings(parameters, magnitudes, pieces, hours, water_shift)
    return evaluate(parameters, around, states, temperatures, rates, measured, mixtures), used


@compiled
def step(states: FloatArray, commands: FloatArray, outputs: FloatArray, magnitudes: FloatArray, rates: FloatArray) -> None:
    """On to the next second; outputs that the controllers have set since the last step reach the valves then."""
    advance_one_second(states, rates, commands)
    accept(outputs, magnitudes, commands)
