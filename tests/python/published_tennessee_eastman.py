"""The published way to run the Tennessee Eastman process, for the tests: its random generator, noise, timing and records.

Russell, Chiang and Braatz record a row every 180 s: the measurements of a second ago and the outputs just computed, not yet
clipped. Every draw comes from one linear congruential generator, whose product is rounded to a double first.
"""

from __future__ import annotations

import csv
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from generators.chemical.compiled import compiled
from generators.chemical.processes.model import FloatArray
from generators.chemical.processes.tennessee_eastman_control import (
    MEASURED,
    USUAL_MODES,
    clip,
    published_tuning,
    release,
    scan,
)
from generators.chemical.processes.tennessee_eastman_disturbances import DISTURBANCES
from generators.chemical.processes.tennessee_eastman_physics import (
    ANALYSES,
    CONTINUOUS,
    GAS_ANALYSES,
    MEASUREMENTS,
    STEP_HOURS,
    Parameters,
    workspace,
)
from generators.chemical.processes.tennessee_eastman_plant import base_case, look, plant_of, step

REFERENCE = Path(__file__).parent / "reference" / "tennessee_eastman"
ONSET = 28_799  # the second from which a disturbance acts in the published test files: after 8 h
RECORD_SECONDS = 180
MODULUS = 4294967296.0
MOST_DRAWS = 40  # of the walks in one second
NO_NOISE, PUBLISHED, MODERN = 0, 1, 2


def reference(name: str) -> list[dict[str, str]]:
    """The rows of a table of published facts; lines that begin with # say where it is from."""
    with (REFERENCE / f"{name}.csv").open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(line for line in file if not line.startswith("#")))


def noise_sds() -> FloatArray:
    """Standard deviations of the 41 measurements' noise."""
    return np.array([float(row["noise_sd"]) for row in reference("measurements")])


@compiled
def lcg(state: float) -> float:
    """The published generator's next state; divided by the modulus it is a uniform draw."""
    return (9228907.0 * state) % MODULUS


@compiled
def _normal(state: float) -> tuple[float, float]:
    total = 0.0
    for _ in range(12):
        state = lcg(state)
        total += state / MODULUS
    return total - 6.0, state


@compiled
def _run(
    parameters: Parameters,
    memory: FloatArray,
    gains: FloatArray,
    integral_times: FloatArray,
    disturbance: int,
    seconds: int,
    sds: FloatArray,
    mode: int,
    seed: float,
    is_controlled: bool,
    record_seconds: int,
    modes: NDArray[np.int8],
) -> tuple[FloatArray, int]:
    plant, work = plant_of(memory), workspace()
    outputs = plant.controllers.outputs
    measured = np.zeros(MEASUREMENTS)
    magnitudes, uniforms = np.zeros(DISTURBANCES), np.zeros(MOST_DRAWS)
    records = np.empty((seconds // record_seconds, MEASUREMENTS + 12))
    state, tripped_at = seed, -1
    for second in range(seconds - 1):
        if disturbance > 0 and second == ONSET:
            magnitudes[disturbance - 1] = 1.0
        if mode == MODERN:
            for draw in range(MOST_DRAWS):
                uniforms[draw] = np.random.random()  # noqa: NPY002 # the only generator that numba seeds inside
        else:
            ahead = state
            for draw in range(MOST_DRAWS):
                ahead = lcg(ahead)
                uniforms[draw] = ahead / MODULUS
        used = 0
        trips, used = look(
            parameters,
            plant.states,
            plant.temperatures,
            plant.pieces,
            second * STEP_HOURS,
            magnitudes,
            uniforms,
            used,
            0.0,
            work.rates,
            work.measured,
            work.mixtures,
        )
        for _ in range(used):
            state = lcg(state)
        if trips and tripped_at < 0:
            tripped_at = second
        for tag in range(CONTINUOUS):
            measured[tag] = work.measured[tag]
            if second > 0 and mode != NO_NOISE and not trips:
                normal, state = _normal(state) if mode == PUBLISHED else (np.random.standard_normal(), state)  # noqa: NPY002
                measured[tag] += sds[tag] * normal
        if second == 0:
            measured[CONTINUOUS:] = work.measured[CONTINUOUS:]
        else:
            release(second, work.measured[CONTINUOUS:], plant.taken, plant.shown)
            for analysis in range(ANALYSES):
                if second % (360 if analysis < GAS_ANALYSES else 900) == 0:
                    normal = 0.0
                    if mode != NO_NOISE:
                        normal, state = _normal(state) if mode == PUBLISHED else (np.random.standard_normal(), state)  # noqa: NPY002
                    measured[CONTINUOUS + analysis] = plant.shown[analysis] + sds[CONTINUOUS + analysis] * normal
        label = second + 2
        if is_controlled and label % 3 == 0:
            for loop in range(len(MEASURED)):
                plant.process_values[loop] = measured[MEASURED[loop]]
            scan(plant.controllers, gains, integral_times, label, plant.process_values, measured[12], modes)
        if label % record_seconds == 0:
            row = label // record_seconds - 1
            records[row, :MEASUREMENTS] = measured
            records[row, MEASUREMENTS:] = plant.controllers.outputs
        if not trips:
            step(plant.states, plant.commands, outputs, magnitudes, work.rates)
        clip(outputs)
    return records, tripped_at


@compiled
def _seed(seed: int) -> None:
    np.random.seed(seed)  # noqa: NPY002


def published_run(
    disturbance: int = 0,
    seconds: int = 172_800,
    noise: int = NO_NOISE,
    seed: int = 1,
    outputs: tuple[float, ...] | None = None,
    record_seconds: int = RECORD_SECONDS,
) -> tuple[FloatArray, int]:
    """Rows of 41 measurements and 12 outputs, and the second of the trip or −1. Fixed `outputs` open the loops."""
    memory = base_case()
    if outputs is not None:
        plant = plant_of(memory)
        plant.commands[:] = plant.controllers.outputs[:] = outputs
    tuned = published_tuning()
    if noise == MODERN:
        _seed(seed)
    return _run(
        Parameters(),
        memory,
        tuned.gains,
        tuned.integral_times,
        disturbance,
        seconds,
        noise_sds(),
        noise,
        float(seed),
        outputs is None,
        record_seconds,
        USUAL_MODES,
    )
