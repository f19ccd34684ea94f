"""The plan of what goes wrong with the process: which unit, which fault, from when to when, how large.

The preset says how many episodes there are; they are dealt out evenly over the days of the fleet, in an order of the units that
changes from day to day, so that a longer horizon adds episodes and changes none. An episode lies within one day.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

import numpy as np

from generators.chemical.defects import DAY_SECONDS, FIRST_ONSET_SECONDS
from generators.chemical.processes.model import Fault, FloatArray
from generators.engine.streams import stream

CHANCE_OF_POWER_DIP = 0.02  # per unit and day


@dataclass(frozen=True)
class FaultEpisode:
    """An episode of a unit's fault, by its place in the model's list, in seconds from the midnight UTC before it."""

    fault: int
    from_second: int
    to_second: int
    magnitude: float


def episode_counts(seed: int, units: int, faults: int, days: int, day_number: int) -> list[int]:
    """Episodes of each unit on a day of the horizon: `faults` of them over `days` days, and at that rate from then on."""
    cells = day_number * units + np.arange(units + 1)
    offset = float(stream(seed, "truth.faults", "offset").random())
    edges = np.floor(cells * (faults / (units * days)) + offset).astype(np.int64)
    dealt = np.diff(edges)
    order = stream(seed, "truth.faults", "order", str(day_number)).permutation(units)
    return [int(count) for count in dealt[np.argsort(order)]]


def episodes_of(seed: int, unit_id: int, faults: Sequence[Fault], day: date, count: int) -> list[FaultEpisode]:
    """The day's episodes of a unit, one after the other."""
    rng = stream(seed, "truth.faults", "plan", f"{unit_id}:{day}")
    share = (DAY_SECONDS - FIRST_ONSET_SECONDS) / max(count, 1)
    episodes = []
    for number in range(count):
        which = int(rng.integers(len(faults)))
        fault = faults[which]
        shortest, longest = (60.0 * minutes for minutes in fault.minutes)
        length = min(shortest * (longest / shortest) ** float(rng.random()), 0.9 * share)
        start = FIRST_ONSET_SECONDS + number * share + float(rng.random()) * (share - length)
        low, high = fault.magnitudes
        magnitude = low + (high - low) * float(rng.random())
        if fault.has_either_sign and rng.random() < 0.5:
            magnitude = -magnitude
        from_second = int(start) // 60 * 60
        episodes.append(FaultEpisode(which, from_second, from_second + max(60, int(length) // 60 * 60), round(magnitude, 6)))
    return episodes


def power_dip(seed: int, unit_id: int, day: date) -> int | None:
    """The second of the day at which the unit's power supply dips; None on most days."""
    chance, share = stream(seed, "truth.trips", "power dips", f"{unit_id}:{day}").random(2)
    return int(share * DAY_SECONDS) if chance < CHANCE_OF_POWER_DIP else None


def profile(fault: Fault, episode: FaultEpisode, ticks: int, tick_seconds: int) -> FloatArray:
    """The magnitude of an episode at each of `ticks` + 1 ticks of its day."""
    second = np.arange(ticks + 1) * tick_seconds
    inside = (second >= episode.from_second) & (second < episode.to_second)
    if not fault.is_ramp:
        return np.where(inside, episode.magnitude, 0.0)
    grown = (second - episode.from_second) / (episode.to_second - episode.from_second)
    return np.where(inside, episode.magnitude * grown, 0.0)
