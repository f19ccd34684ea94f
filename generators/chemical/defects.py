"""The plan of what goes wrong with the measurement on a day: which tags, how, from when to when. Never touches the physics.

Normal operation prevails: a few per cent of the tags have a defect on a day. On the first day of the horizon every kind is
dealt out once among the units, so that the smallest fleet shows them all.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

import numpy as np

from generators.chemical.tags import Tag
from generators.engine.streams import stream

NONE, SENSOR_FAILURE, COMMUNICATION_GAP, FROZEN, DRIFT, LATE_FILE = range(6)
KINDS = ("", "sensor_failure", "communication_gap", "frozen", "drift", "late_file")

DAY_SECONDS = 86_400
CHANCE_PER_TAG_DAY = {SENSOR_FAILURE: 0.006, COMMUNICATION_GAP: 0.010, FROZEN: 0.006, DRIFT: 0.006}
CHANCE_OF_OUTAGE_PER_UNIT_DAY = 0.10
DURATION_SECONDS = {  # shortest and longest, drawn evenly in the logarithm
    SENSOR_FAILURE: (600, 4 * 3600),
    COMMUNICATION_GAP: (600, 3 * 3600),
    FROZEN: (1800, 6 * 3600),
    DRIFT: (2 * 3600, 10 * 3600),
    LATE_FILE: (1800, 4 * 3600),
}
FIRST_ONSET_SECONDS = 3600  # nothing begins in the first hour, so that every defect has a value before it


@dataclass(frozen=True)
class Defect:
    """A defect of one tag within one day, in seconds from midnight UTC; `magnitude` in the tag's unit of measure."""

    kind: int
    from_second: int
    to_second: int  # exclusive
    magnitude: float = 0.0


@dataclass(frozen=True)
class Outage:
    """A remote I/O station that could not forward its readings: they arrive together, `arrival_second` from midnight."""

    equipment: str
    from_second: int
    to_second: int
    arrival_second: int


@dataclass(frozen=True)
class DayOfDefects:
    """All defects of a unit on a day: at most one per tag (by its place in the unit), and at most one outage."""

    of_tag: dict[int, Defect]
    outage: Outage | None


def defects_of(seed: int, unit_id: int, tags: Sequence[Tag], day: date, forced: Sequence[int]) -> DayOfDefects:
    """Draw the day's defects. Every kind in `forced` occurs at least once, and its end is within the day."""
    rng = stream(seed, "truth.defects", "plan", f"{unit_id}:{day}")
    outage = _outage(rng, tags, LATE_FILE in forced)
    of_tag: dict[int, Defect] = {}
    if outage is not None:
        for place, tag in enumerate(tags):
            if tag.instrument.equipment == outage.equipment:
                of_tag[place] = Defect(LATE_FILE, outage.from_second, outage.to_second)
    kinds = np.array(list(CHANCE_PER_TAG_DAY))
    ends = np.cumsum(list(CHANCE_PER_TAG_DAY.values()))
    for place, chance in enumerate(rng.random(len(tags))):
        which = int(np.searchsorted(ends, chance, side="right"))
        if which < len(kinds) and place not in of_tag and _can_have(int(kinds[which]), tags[place]):
            of_tag[place] = _defect(rng, int(kinds[which]), tags[place])
    for kind in forced:
        if kind != LATE_FILE and all(defect.kind != kind for defect in of_tag.values()):
            free = [place for place, tag in enumerate(tags) if place not in of_tag and _can_have(kind, tag)]
            place = free[int(rng.integers(len(free)))]
            of_tag[place] = _defect(rng, kind, tags[place])
    return DayOfDefects(dict(sorted(of_tag.items())), outage)


def _can_have(kind: int, tag: Tag) -> bool:
    """Set points and outputs are numbers in a controller: only the way to the historian can fail them."""
    return kind == COMMUNICATION_GAP or not tag.instrument.is_exact


def _span(rng: np.random.Generator, kind: int) -> tuple[int, int]:
    shortest, longest = DURATION_SECONDS[kind]
    duration = round(shortest * (longest / shortest) ** float(rng.random()))
    onset = int(rng.integers(FIRST_ONSET_SECONDS, DAY_SECONDS - duration))
    return onset, onset + duration


def _defect(rng: np.random.Generator, kind: int, tag: Tag) -> Defect:
    onset, end = _span(rng, kind)
    size = float(rng.uniform(0.01, 0.04)) * (1.0 if rng.random() < 0.5 else -1.0)
    steps = round(size * (tag.high_step - tag.low_step))
    return Defect(kind, onset, end, steps / tag.steps_per_unit if kind == DRIFT else 0.0)


def _outage(rng: np.random.Generator, tags: Sequence[Tag], forced: bool) -> Outage | None:
    chance, delay, choice = rng.random(3)
    onset, end = _span(rng, LATE_FILE)
    if not forced and chance >= CHANCE_OF_OUTAGE_PER_UNIT_DAY:
        return None
    if forced:  # early, and repaired within the day, so that even a single day sees the file arrive
        duration = end - onset
        onset = FIRST_ONSET_SECONDS + onset % (4 * 3600)
        end = onset + duration
    stations = sorted({tag.instrument.equipment for tag in tags})
    waited = round(600 * (60.0 if not forced else 6.0) ** float(delay))  # 10 minutes to 10 hours; forced: to an hour
    return Outage(stations[int(choice * len(stations))], onset, end, end + waited)
