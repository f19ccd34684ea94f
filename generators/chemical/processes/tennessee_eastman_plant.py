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
    CONTINUOUS,
    STATES,
    VALVES,
    Parameters,
    advance_one_second,
    evaluate,
    workspace,
)

VESSELS = 4

# The operating point of the published base case; the first 38 states and the valves.
BASE_STATES = (
    10.40491389, 4.363996017, 7.570059737, 0.4230042431, 24.15513437, 2.942597645, 154.3770655, 159.1865960, 2.808522723,
    63.75581199, 26.74026066, 46.38532432, 0.2464521543, 15.20484404, 1.852266172, 52.44639459, 41.20394008, 0.5699317760,
    0.4306056376, 7.9906200783e-3, 0.9056036089, 1.6054258216e-2, 0.7509759687, 8.8582855955e-2, 48.27726193, 39.38459028,
    0.3755297257,
    107.7562698, 29.77250546, 88.32481135, 23.03929507, 62.85848794, 5.546318688, 11.92244772, 5.555448243, 0.9218489762,
    94.59927549, 77.29698353,
)  # fmt: skip
BASE_POSITIONS = (
    63.05263039, 53.97970677, 24.64355755, 61.30192144, 22.21000000, 40.06374673,
    38.10034370, 46.53415582, 47.44573456, 41.10581288, 18.11349055, 50.00000000,
)  # fmt: skip


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
