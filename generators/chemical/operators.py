"""What the operators of a unit do to its control loops on a day: set points, modes and moves by hand."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

import numpy as np
from numpy.typing import NDArray

from generators.chemical.fleet import Unit
from generators.chemical.processes.model import MANUAL, FloatArray
from generators.engine.streams import stream

SET_POINT_CHANGES = (2, 5)  # per loop and day, both included
SET_POINT_LIMIT = 1.8  # standard deviations
RAMP_SECONDS = 300  # the control system ramps to a new set point
CAMPAIGN_DAYS = 9  # a campaign holds about so long, then another product is made
CAMPAIGN_SHARE = 0.6  # of the set point's spread is between campaigns
CHANCE_OF_MANUAL = 0.04  # per loop and day
MANUAL_MINUTES = (20.0, 240.0)
MOVES_PER_HOUR, MOVE_PERCENT = 2.0, 0.8  # by hand, while a loop is in manual


@dataclass(frozen=True)
class OperatorActions:
    """One row per loop, one column per tick and one more; see `Drive`."""

    set_points: FloatArray
    modes: NDArray[np.int8]
    output_moves: FloatArray


def actions_of(unit: Unit, start: FloatArray, day: date) -> OperatorActions:
    """The day's actions, from the set points of the evening before."""
    columns = unit.ticks_per_day + 1
    set_points = np.repeat(start[:, np.newaxis], columns, axis=1)
    modes = np.repeat(np.array([loop.usual_mode for loop in unit.model.loops], dtype=np.int8)[:, np.newaxis], columns, axis=1)
    output_moves = np.zeros_like(set_points)
    moves_rng = stream(unit.seed, "historian.readings", "operators", f"{unit.unit_id}:{day}")
    manual_rng = stream(unit.seed, "historian.readings", "manual operation", f"{unit.unit_id}:{day}")
    for loop, design in enumerate(unit.model.loops):
        if design.master is None and design.set_point_sd > 0.0:
            _move_set_point(unit, loop, day, moves_rng, set_points[loop])
        if not design.must_stay_automatic:
            _take_in_hand(unit, manual_rng, modes[loop], output_moves[loop])
    return OperatorActions(set_points, modes, output_moves)


def _move_set_point(unit: Unit, loop: int, day: date, rng: np.random.Generator, path: FloatArray) -> None:
    """Operators move a set point a few times a day, on whole minutes, around the point of the campaign."""
    design, normal = unit.model.loops[loop], unit.normal[f"set_point_{loop}"]
    sd = design.set_point_sd * abs(normal) if design.is_relative else design.set_point_sd
    changes = int(rng.integers(SET_POINT_CHANGES[0], SET_POINT_CHANGES[1] + 1))
    minutes = np.sort(rng.choice(np.arange(10, 1420), changes, replace=False))
    moves = np.clip(rng.standard_normal(changes), -SET_POINT_LIMIT, SET_POINT_LIMIT)
    centre = normal + CAMPAIGN_SHARE * sd * _campaign(unit, loop, day)
    ticks = RAMP_SECONDS // unit.model.tick_seconds
    for minute, move in zip(minutes, moves, strict=True):
        tick = int(minute) * 60 // unit.model.tick_seconds
        target = round(centre + (1.0 - CAMPAIGN_SHARE) * float(move) * sd, unit.process_value(loop).decimals)
        path[tick : tick + ticks] = np.linspace(path[tick - 1], target, ticks + 1)[1:]
        path[tick + ticks :] = target


def _campaign(unit: Unit, loop: int, day: date) -> float:
    """How far the campaign of the day lies from the normal point, in standard deviations of the set point."""
    phase = unit.unit_id % CAMPAIGN_DAYS
    number = (day.toordinal() + phase) // CAMPAIGN_DAYS
    drawn = stream(unit.seed, "historian.readings", "campaigns", f"{unit.unit_id}:{loop}:{number}").standard_normal()
    return float(np.clip(drawn, -SET_POINT_LIMIT, SET_POINT_LIMIT))


def _take_in_hand(unit: Unit, rng: np.random.Generator, modes: NDArray[np.int8], output_moves: FloatArray) -> None:
    """Now and then a loop is in manual for a while, and its output is moved by hand. Cascades fall back to manual too."""
    chance, length, start = rng.random(3)
    if chance >= CHANCE_OF_MANUAL:
        return
    shortest, longest = MANUAL_MINUTES
    per_minute = 60 / unit.model.tick_seconds
    ticks = int(shortest * (longest / shortest) ** length * per_minute)
    first = int(per_minute * 60 + start * (len(modes) - ticks - per_minute * 120))
    modes[first : first + ticks] = MANUAL
    count = int(rng.poisson(MOVES_PER_HOUR * ticks / per_minute / 60))
    output_moves[first + rng.integers(0, ticks, count)] += np.round(MOVE_PERCENT * rng.standard_normal(count), 1)
