"""The life of a unit, day by day: weather, disturbances, faults, operators and controllers move the physics.

A day depends on the checkpoint of the evening before and on streams named by the unit and the day, so a longer horizon
never changes an earlier day. A unit that trips stands for some hours: its signals go where they go when nothing is fed or
heated, then it is brought back to its normal point.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from math import exp, sqrt, tau

import numpy as np
from numpy.typing import NDArray

from generators.chemical.compiled import compiled
from generators.chemical.faults import FaultEpisode, profile
from generators.chemical.fleet import Unit
from generators.chemical.operators import actions_of
from generators.chemical.places import WARMEST_HOUR, Place, day_mean_celsius
from generators.chemical.processes.model import MANUAL, Drive, FloatArray, Signals
from generators.engine.streams import stream

WEATHER_SD_CELSIUS = 2.5  # around the normal of day and hour
WEATHER_SECONDS = 86_400.0  # how long a warm or cold spell lasts
DOWN_HOURS = (2.0, 9.0)  # from a trip to the end of the restart
RESTART_SHARE = 0.35  # of the downtime, the last part


@dataclass(frozen=True)
class Downtime:
    """A unit that stands, or is being started: ticks since the trip, ticks of the whole, and how it was at the trip."""

    since: int
    length: int
    column: FloatArray  # of the trajectory
    set_points: FloatArray


@dataclass(frozen=True)
class UnitState:
    """The checkpoint between two days: process and controllers, unmeasured disturbances, set points, downtime."""

    process: FloatArray
    deviations: FloatArray  # weather first, then the model's disturbances, each from its mean
    set_points: FloatArray
    down: Downtime | None = None


@dataclass(frozen=True)
class Trip:
    """A trip of the unit, and when it was back, in seconds from midnight; the end may lie on a later day."""

    from_second: int
    to_second: int


@dataclass(frozen=True)
class UnitDay:
    """The signals of a day at every tick and one more, and the trips that began on it."""

    signals: Signals
    trips: tuple[Trip, ...]


def first_state(unit: Unit) -> UnitState:
    """A unit where its model starts it, in weather and with disturbances as they may be."""
    rng = stream(unit.seed, "historian.readings", "first disturbances", str(unit.unit_id))
    sds = np.array([WEATHER_SD_CELSIUS, *(disturbance.sd for disturbance in unit.model.disturbances)])
    set_points = np.array([unit.normal[f"set_point_{loop}"] for loop in range(len(unit.model.loops))])
    return UnitState(unit.start, sds * rng.standard_normal(len(sds)), set_points)


def simulate_day(
    unit: Unit, state: UnitState, episodes: Sequence[FaultEpisode], day: date, dip_second: int | None = None
) -> tuple[UnitDay, UnitState]:
    """The unit's signals over a day, and its state at the end. A dip of the power supply trips a unit that runs."""
    drive, deviations = _drive(unit, state, episodes, day)
    evening = replace(state, deviations=deviations, set_points=drive.set_points[:, -1].copy())
    return _Day(unit, drive, day, dip_second).passed(evening)


class _Day:
    """A day under way: stretches in which the unit runs, and stretches in which it does not."""

    def __init__(self, unit: Unit, drive: Drive, day: date, dip_second: int | None) -> None:
        loops, columns = drive.set_points.shape
        self._unit, self._drive, self._day = unit, drive, day
        self._last = columns - 1
        self._set_points, self._outputs = np.empty((loops, columns)), np.empty((loops, columns))
        self._process_values = np.empty((loops, columns))
        self._signals: dict[str, FloatArray] = {}
        self._running, self._modes = np.empty(columns), drive.modes.astype(np.float64)
        self._trips: list[Trip] = []
        self._dip = self._last if dip_second is None else dip_second // unit.model.tick_seconds

    def passed(self, state: UnitState) -> tuple[UnitDay, UnitState]:
        tick = 0
        while tick < self._last:
            tick, state = self._run(tick, state) if state.down is None else self._stand(tick, state, state.down)
        for loop in range(len(self._set_points)):
            self._signals[f"set_point_{loop}"] = self._set_points[loop]
            self._signals[f"output_{loop}"] = self._outputs[loop]
            self._signals[f"process_value_{loop}"] = self._process_values[loop]
            self._signals[f"mode_{loop}"] = self._modes[loop]
        self._signals["running"] = self._running
        return UnitDay(self._signals, tuple(self._trips)), state

    def _run(self, first: int, state: UnitState) -> tuple[int, UnitState]:
        unit, model = self._unit, self._unit.model
        dip = self._dip if first < self._dip else self._last
        drive = self._drive.between(first, dip)
        run = model.run(unit.parameters, unit.tuning, state.process, drive, float(model.tick_seconds))
        end = first + run.ticks
        columns = slice(0, run.ticks + 1)
        self._keep(first, model.signals(unit.parameters, run.trajectory[:, columns], drive.disturbances[:, columns]))
        rows = slice(first, end + 1)
        self._set_points[:, rows], self._outputs[:, rows] = run.set_points[:, columns], run.outputs[:, columns]
        self._process_values[:, rows] = run.process_values[:, columns]
        self._running[rows] = 1.0
        if end == self._last:
            return end, replace(state, process=run.state)
        low, high = DOWN_HOURS
        rng = stream(unit.seed, "truth.faults", "downtime", f"{unit.unit_id}:{self._day}:{end}")
        length = int((low + (high - low) * rng.random()) * 3600) // model.tick_seconds
        self._trips.append(Trip(end * model.tick_seconds, (end + length) * model.tick_seconds))
        down = Downtime(0, length, run.trajectory[:, run.ticks].copy(), run.set_points[:, run.ticks].copy())
        return end, replace(state, process=unit.rest, down=down)

    def _stand(self, first: int, state: UnitState, down: Downtime) -> tuple[int, UnitState]:
        """The unit cools and empties from its trip; in the last part of the downtime it is brought back to its normal point."""
        unit, model = self._unit, self._unit.model
        end = min(first + down.length - down.since, self._last)
        columns = end - first + 1
        disturbances = self._drive.disturbances[:, first : end + 1]
        since = down.since + np.arange(columns)
        held = model.signals(unit.parameters, np.repeat(down.column[:, np.newaxis], columns, axis=1), disturbances)
        normal = model.signals(unit.parameters, np.repeat(unit.rest_column[:, np.newaxis], columns, axis=1), disturbances)
        restart = np.clip((since / down.length - (1.0 - RESTART_SHARE)) / RESTART_SHARE, 0.0, 1.0)
        found: dict[str, FloatArray] = {}
        for name, signal in held.items():
            idle = model.idle.get(name)
            left = signal
            if idle is not None:
                left = idle.value + (signal - idle.value) * np.exp(-since * model.tick_seconds / idle.seconds)
            found[name] = left + restart * (normal[name] - left)
        self._keep(first, found)
        rows = slice(first, end + 1)
        self._set_points[:, rows] = down.set_points[:, np.newaxis]
        for loop in range(len(self._set_points)):
            normal_output = unit.normal[f"output_{loop}"]
            self._outputs[loop, rows] = restart * normal_output
            signal = found[unit.process_value(loop).signal]
            self._process_values[loop, rows] = signal + self._drive.noise[loop, rows]
        self._modes[:, rows] = MANUAL
        self._running[rows] = 0.0
        if end - first == down.length - down.since:
            return end, replace(state, down=None)
        return end, replace(state, down=replace(down, since=down.since + end - first))

    def _keep(self, first: int, signals: Signals) -> None:
        for name, signal in signals.items():
            if name not in self._signals:
                self._signals[name] = np.empty(self._last + 1)
            self._signals[name][first : first + len(signal)] = signal


def _drive(unit: Unit, state: UnitState, episodes: Sequence[FaultEpisode], day: date) -> tuple[Drive, FloatArray]:
    model, ticks = unit.model, unit.ticks_per_day
    disturbances, deviations = _disturbances(unit, state.deviations, day)
    names = [disturbance.name for disturbance in model.disturbances]
    faults = np.zeros((len(model.faults), ticks + 1))
    for episode in episodes:
        fault = model.faults[episode.fault]
        path = profile(fault, episode, ticks, model.tick_seconds)
        faults[episode.fault] += path
        if fault.acts_on is not None:
            disturbances[1 + names.index(fault.acts_on)] += path
    actions = actions_of(unit, state.set_points, day)
    uniforms = stream(unit.seed, "historian.readings", "uniforms", f"{unit.unit_id}:{day}").random(model.uniforms_per_day)
    noise = _transmitter_noise(unit, day)
    return Drive(disturbances, faults, actions.set_points, actions.modes, actions.output_moves, noise, uniforms), deviations


def _disturbances(unit: Unit, start: FloatArray, day: date) -> tuple[FloatArray, FloatArray]:
    rng = stream(unit.seed, "historian.readings", "disturbances", f"{unit.unit_id}:{day}")
    kinds, ticks, tick_seconds = unit.model.disturbances, unit.ticks_per_day, unit.model.tick_seconds
    paths = np.empty((1 + len(kinds), ticks + 1))
    sds = [WEATHER_SD_CELSIUS, *(kind.sd for kind in kinds)]
    times = [WEATHER_SECONDS, *(kind.correlation_seconds for kind in kinds)]
    for row, (sd, seconds) in enumerate(zip(sds, times, strict=True)):
        keep = exp(-tick_seconds / seconds)
        normals = rng.standard_normal(ticks, dtype=np.float32)
        _wander(start[row], keep, sd * sqrt(1.0 - keep * keep), normals, paths[row])
    end = paths[:, -1].copy()
    paths[0] += _normal_weather(unit.plant.site.place, day, ticks)
    paths[1:] += np.array([kind.mean for kind in kinds])[:, np.newaxis]
    return paths, end


@compiled
def _wander(start: float, keep: float, kick: float, normals: NDArray[np.float32], out: FloatArray) -> None:
    """An Ornstein-Uhlenbeck path around zero, sampled exactly: out has one value more than there are normals."""
    out[0] = start
    for tick in range(len(normals)):
        out[tick + 1] = keep * out[tick] + kick * normals[tick]


def _normal_weather(place: Place, day: date, ticks: int) -> FloatArray:
    """Normal outside temperature over the day in °C: the mean glides from day to day, the swing follows the sun."""
    today = day.timetuple().tm_yday
    share = np.arange(ticks + 1) / ticks
    mean = day_mean_celsius(place, today) * (1.0 - share) + day_mean_celsius(place, today + 1) * share
    solar_hour = share * 24.0 + place.longitude_degrees / 15.0
    weather: FloatArray = mean + place.day_celsius * np.cos((solar_hour - WARMEST_HOUR) * (tau / 24.0))
    return weather


def _transmitter_noise(unit: Unit, day: date) -> FloatArray:
    """What the controllers see beside the truth: the noise and the bias of their transmitters."""
    rng = stream(unit.seed, "historian.readings", "controller noise", f"{unit.unit_id}:{day}")
    noise = rng.standard_normal((len(unit.model.loops), unit.ticks_per_day + 1), dtype=np.float32).astype(np.float64)
    for loop in range(len(unit.model.loops)):
        tag = unit.process_value_tag(loop)
        noise[loop] = tag.bias + tag.noise_sd * noise[loop]
    return noise
