"""The life of a unit, day by day: weather, disturbances, operators and controllers move the physics.

A day depends on the checkpoint of the evening before and on streams named by the unit and the day, so a longer horizon
never changes an earlier day.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from math import exp, sqrt, tau

import numpy as np
from numpy.typing import NDArray

from generators.chemical.compiled import compiled
from generators.chemical.fleet import Unit
from generators.chemical.places import WARMEST_HOUR, Place, day_mean_celsius
from generators.chemical.processes.model import FloatArray, Signals
from generators.engine.streams import stream

TICK_SECONDS = 5
TICKS_PER_DAY = 86_400 // TICK_SECONDS
WEATHER_SD_CELSIUS = 2.5  # around the normal of day and hour
WEATHER_SECONDS = 86_400.0  # how long a warm or cold spell lasts
SET_POINT_CHANGES = (2, 5)  # per loop and day, both included
SET_POINT_LIMIT = 1.8  # standard deviations
RAMP_TICKS = 60  # the control system ramps to a new set point


@dataclass(frozen=True)
class UnitState:
    """The checkpoint between two days: process and controllers, unmeasured disturbances, set points."""

    process: FloatArray
    deviations: FloatArray  # weather first, then the model's disturbances, each from its mean
    set_points: FloatArray


def first_state(unit: Unit) -> UnitState:
    """A unit that starts at its normal operating point, in weather and with disturbances as they may be."""
    rng = stream(unit.seed, "historian.readings", "first disturbances", str(unit.unit_id))
    sds = np.array([WEATHER_SD_CELSIUS, *(disturbance.sd for disturbance in unit.model.disturbances)])
    set_points = np.array([unit.normal[f"set_point_{loop}"] for loop in range(len(unit.model.loops))])
    return UnitState(unit.rest, sds * rng.standard_normal(len(sds)), set_points)


def simulate_day(unit: Unit, state: UnitState, day: date) -> tuple[Signals, UnitState]:
    """The unit's signals over a day in ticks of 5 s (TICKS_PER_DAY + 1 of them), and its state at the end."""
    disturbances, deviations = _disturbances(unit, state.deviations, day)
    set_points = _set_points(unit, state.set_points, day)
    noise = _controller_noise(unit, day)
    trajectory = unit.model.run(
        unit.parameters, unit.tuning, state.process, disturbances, set_points, noise, float(TICK_SECONDS)
    )
    signals = unit.model.signals(unit.parameters, trajectory, disturbances, set_points)
    return signals, UnitState(trajectory[:, -1].copy(), deviations, set_points[:, -1].copy())


def _disturbances(unit: Unit, start: FloatArray, day: date) -> tuple[FloatArray, FloatArray]:
    rng = stream(unit.seed, "historian.readings", "disturbances", f"{unit.unit_id}:{day}")
    kinds = unit.model.disturbances
    paths = np.empty((1 + len(kinds), TICKS_PER_DAY + 1))
    sds = [WEATHER_SD_CELSIUS, *(kind.sd for kind in kinds)]
    times = [WEATHER_SECONDS, *(kind.correlation_seconds for kind in kinds)]
    for row, (sd, seconds) in enumerate(zip(sds, times, strict=True)):
        keep = exp(-TICK_SECONDS / seconds)
        normals = rng.standard_normal(TICKS_PER_DAY, dtype=np.float32)
        _wander(start[row], keep, sd * sqrt(1.0 - keep * keep), normals, paths[row])
    end = paths[:, -1].copy()
    paths[0] += _normal_weather(unit.plant.site.place, day)
    paths[1:] += np.array([kind.mean for kind in kinds])[:, np.newaxis]
    return paths, end


@compiled
def _wander(start: float, keep: float, kick: float, normals: NDArray[np.float32], out: FloatArray) -> None:
    """An Ornstein-Uhlenbeck path around zero, sampled exactly: out has one value more than there are normals."""
    out[0] = start
    for tick in range(len(normals)):
        out[tick + 1] = keep * out[tick] + kick * normals[tick]


def _normal_weather(place: Place, day: date) -> FloatArray:
    """Normal outside temperature over the day in °C: the mean glides from day to day, the swing follows the sun."""
    today = day.timetuple().tm_yday
    share = np.arange(TICKS_PER_DAY + 1) / TICKS_PER_DAY
    mean = day_mean_celsius(place, today) * (1.0 - share) + day_mean_celsius(place, today + 1) * share
    solar_hour = share * 24.0 + place.longitude_degrees / 15.0
    weather: FloatArray = mean + place.day_celsius * np.cos((solar_hour - WARMEST_HOUR) * (tau / 24.0))
    return weather


def _set_points(unit: Unit, start: FloatArray, day: date) -> FloatArray:
    """Operators move every set point a few times a day, on whole minutes; it ramps there within five minutes."""
    rng = stream(unit.seed, "historian.readings", "operators", f"{unit.unit_id}:{day}")
    paths = np.repeat(start[:, np.newaxis], TICKS_PER_DAY + 1, axis=1)
    ticks_per_minute = 60 // TICK_SECONDS
    for loop, design in enumerate(unit.model.loops):
        normal = unit.normal[f"set_point_{loop}"]
        changes = int(rng.integers(SET_POINT_CHANGES[0], SET_POINT_CHANGES[1] + 1))
        minutes = np.sort(rng.choice(np.arange(10, 1420, 10), changes, replace=False))
        moves = np.clip(rng.standard_normal(changes), -SET_POINT_LIMIT, SET_POINT_LIMIT)
        for minute, move in zip(minutes, moves, strict=True):
            tick = int(minute) * ticks_per_minute
            sd = design.set_point_sd * normal if design.is_relative else design.set_point_sd
            target = round(normal + float(move) * sd, unit.process_value(loop).decimals)
            paths[loop, tick : tick + RAMP_TICKS] = np.linspace(paths[loop, tick - 1], target, RAMP_TICKS + 1)[1:]
            paths[loop, tick + RAMP_TICKS :] = target
    return paths


def _controller_noise(unit: Unit, day: date) -> FloatArray:
    """What the controllers see beside the truth: white noise of their transmitters."""
    rng = stream(unit.seed, "historian.readings", "controller noise", f"{unit.unit_id}:{day}")
    noise = rng.standard_normal((len(unit.model.loops), TICKS_PER_DAY + 1), dtype=np.float32).astype(np.float64)
    for loop in range(len(unit.model.loops)):
        noise[loop] *= next(tag.noise_sd for tag in unit.tags if tag.instrument is unit.process_value(loop))
    return noise
