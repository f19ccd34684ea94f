"""The control of the fed-batch fermenter: six loops whose set points the recipe gives and, in fermentation, the operators.

The feed pump and the base pump are interlocked: outside the phases that they serve, they stand.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from generators.chemical.compiled import compiled
from generators.chemical.control import loop_output
from generators.chemical.processes import fed_batch_recipe as recipe
from generators.chemical.processes.fed_batch_kinetics import Parameters, first_feed, normal_feed
from generators.chemical.processes.fed_batch_physics import (
    AIR,
    AIR_VALVE,
    BASE_PUMP,
    FEED,
    FEED_PUMP,
    JACKET_VALVES,
    OXYGEN,
    PH,
    PRESSURE,
    STIRRER,
    TEMPERATURE,
    VENT,
)
from generators.chemical.processes.model import FloatArray, Tuning


def tuning(parameters: Parameters) -> Tuning:
    """Temperature and pH integrate, so their gain and a long integral time go together; flows have a slow integral."""
    air, feed = 50.0 / (parameters.aeration * parameters.charge), 40.0 / (1000.0 * normal_feed(parameters))
    return Tuning(
        gains=np.array([20.0, 300.0, 0.4, 0.3 * air, -25.0, 0.3 * feed]),
        integral_times=np.array([2400.0, 10_000.0, 100.0, 15.0, 45.0, 12.0]),
    )


@compiled
def ask(parameters: Parameters, book: FloatArray, operators: FloatArray, out: FloatArray) -> None:
    """The set points of the six loops: those of the recipe, and in fermentation those of the operators."""
    p = parameters
    phase = book[recipe.PHASE]
    if recipe.is_growing(phase):
        for loop in range(5):
            out[loop] = operators[loop]
    else:
        out[JACKET_VALVES], out[BASE_PUMP], out[STIRRER] = recipe.COLD_CELSIUS, 0.0, 0.0
        out[AIR_VALVE], out[VENT] = 0.1 * p.aeration * p.charge, 0.05
    if phase == recipe.STERILISE:
        is_sterile = book[recipe.STERILE_SECONDS] >= recipe.HOLD_SECONDS
        # Asked beyond what is needed, so that the approach is not slow.
        out[JACKET_VALVES] = p.growth_celsius - 3.0 if is_sterile else recipe.STERILE_CELSIUS + 2.0
        out[AIR_VALVE], out[VENT] = 0.3 * p.aeration * p.charge, 1.1
    elif phase == recipe.DISCARD:
        out[JACKET_VALVES] = recipe.KILLING_CELSIUS if book[recipe.PHASE_SECONDS] < recipe.KILL_SECONDS else recipe.COLD_CELSIUS
    elif phase == recipe.CLEAN:
        is_hot = book[recipe.PHASE_SECONDS] < recipe.CLEANING_SECONDS
        out[JACKET_VALVES] = recipe.CLEANING_CELSIUS if is_hot else recipe.COLD_CELSIUS
    out[FEED_PUMP] = 0.0
    if phase == recipe.FEED:
        hours = book[recipe.PHASE_SECONDS] / 3600.0
        plan = recipe.planned_feed(first_feed(p), p.pace * p.planned_growth, hours) * book[recipe.FEED_PLAN]
        # The loop works in l/h, the plan in m³/h.
        out[FEED_PUMP] = 1000.0 * (plan * (operators[FEED_PUMP] / 1000.0) / normal_feed(p))


@compiled
def see(state: FloatArray, acting: FloatArray, noise: FloatArray, out: FloatArray) -> None:
    """The process values of the six loops as their transmitters give them."""
    out[JACKET_VALVES] = state[TEMPERATURE] + noise[JACKET_VALVES]
    out[BASE_PUMP] = state[PH] + noise[BASE_PUMP]
    out[STIRRER] = state[OXYGEN] + noise[STIRRER]
    out[AIR_VALVE] = acting[AIR] + noise[AIR_VALVE]
    out[VENT] = state[PRESSURE] + noise[VENT]
    out[FEED_PUMP] = 1000.0 * acting[FEED] + noise[FEED_PUMP]


@compiled
def scan(
    gains: FloatArray,
    integral_times: FloatArray,
    modes: NDArray[np.int8],
    output_moves: FloatArray,
    set_points: FloatArray,
    seen: FloatArray,
    seen_before: FloatArray,
    tick_seconds: float,
    outputs: FloatArray,
) -> None:
    """Move the outputs of the six loops in place by a tick; process values as they are seen now and were a tick ago."""
    for loop in range(len(outputs)):
        outputs[loop] = loop_output(
            modes[loop],
            outputs[loop],
            output_moves[loop],
            gains[loop],
            integral_times[loop],
            set_points[loop],
            seen[loop],
            seen_before[loop],
            tick_seconds,
        )


@compiled
def interlock(phase: float, outputs: FloatArray) -> None:
    """Stop the pumps outside the phases that they serve."""
    if phase != recipe.FEED:
        outputs[FEED_PUMP] = 0.0
    if not recipe.is_growing(phase):
        outputs[BASE_PUMP] = 0.0
