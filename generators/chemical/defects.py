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

NONE, SENSOR_FAILURE, COMMUNICATION_GAP, FROZEN, DRIFT, LATE_FILE, SPIKE, CLOCK_SKEW, DUPLICATE = range(9)
KINDS = (
    "", "sensor_failure", "communication_gap", "frozen", "drift", "late_file", "spike", "clock_skew", "duplicate",
)  # fmt: skip

DAY_SECONDS = 86_400
EPOCH = date(1970, 1, 1)
CHANCE_PER_TAG_DAY = {SENSOR_FAILURE: 0.006, COMMUNICATION_GAP: 0.010, FROZEN: 0.006, DRIFT: 0.006, SPIKE: 0.006}
CHANCE_PER_UNIT_DAY = {LATE_FILE: 0.10, CLOCK_SKEW: 0.04, DUPLICATE: 0.06}  # they hit all of an I/O station's tags
DURATION_SECONDS = {  # shortest and longest, drawn evenly in the logarithm
    SENSOR_FAILURE: (600, 4 * 3600),
    COMMUNICATION_GAP: (600, 3 * 3600),
    FROZEN: (1800, 6 * 3600),
    DRIFT: (2 * 3600, 10 * 3600),
    LATE_FILE: (1800, 4 * 3600),
    SPIKE: (300, 3600),
    CLOCK_SKEW: (3600, 6 * 3600),
    DUPLICATE: (1800, 3 * 3600),
}
SPIKE_SHARES = (0.15, 0.40)  # of the span
# By which a clock is slow: more than the way to the historian takes, less than what counts as late there. A fast clock is
# noticed at once, as a historian refuses the future.
SKEW_SECONDS = (15.0, 240.0)
DRIFT_SHARES = (0.01, 0.04)  # of the span
FIRST_ONSET_SECONDS = 3600  # nothing begins in the first hour, so that every defect has a value before it


@dataclass(frozen=True)
class Defect:
    """A defect of one tag within one day, in seconds from midnight UTC.

    `magnitude` is in the tag's unit of measure, for CLOCK_SKEW in seconds. A SPIKE has no sign until it is seen in which
    direction there is room.
    """

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


def defect_id(tag: Tag, day: date) -> int:
    """Surrogate key of a tag's defect: it has at most one a day."""
    return tag.tag_id * 100_000 + (day - EPOCH).days


def defects_of(seed: int, unit_id: int, tags: Sequence[Tag], day: date, forced: Sequence[int]) -> DayOfDefects:
    """Draw the day's defects, each within the day. Every kind in `forced` occurs, if there is a tag that can have it."""
    rng = stream(seed, "truth.defects", "plan", f"{unit_id}:{day}")
    of_tag, outage = _of_stations(rng, tags, forced)
    kinds = np.array(list(CHANCE_PER_TAG_DAY))
    ends = np.cumsum(list(CHANCE_PER_TAG_DAY.values()))
    for place, chance in enumerate(rng.random(len(tags))):
        which = int(np.searchsorted(ends, chance, side="right"))
        if which < len(kinds) and place not in of_tag and _can_have(int(kinds[which]), tags[place]):
            of_tag[place] = _defect(rng, int(kinds[which]), tags[place])
    for kind in forced:
        free = [place for place, tag in enumerate(tags) if place not in of_tag and _can_have(kind, tag)]
        if free and kind in CHANCE_PER_TAG_DAY and all(defect.kind != kind for defect in of_tag.values()):
            place = free[int(rng.integers(len(free)))]
            of_tag[place] = _defect(rng, kind, tags[place])
    return DayOfDefects(dict(sorted(of_tag.items())), outage)


def _can_have(kind: int, tag: Tag) -> bool:
    """Set points and outputs are numbers in a controller: only the way to the historian can fail them."""
    return kind == COMMUNICATION_GAP or not tag.instrument.is_exact


def _span(rng: np.random.Generator, kind: int, scan_seconds: int = 1) -> tuple[int, int]:
    shortest, longest = (max(seconds, scan_seconds) for seconds in DURATION_SECONDS[kind])
    duration = round(shortest * (longest / shortest) ** float(rng.random()))
    onset = int(rng.integers(FIRST_ONSET_SECONDS, DAY_SECONDS - duration))
    return onset, onset + duration


def _defect(rng: np.random.Generator, kind: int, tag: Tag) -> Defect:
    onset, end = _span(rng, kind, tag.instrument.scan_seconds)
    share, sign = rng.random(2)
    if kind not in (DRIFT, SPIKE):
        return Defect(kind, onset, end)
    low, high = SPIKE_SHARES if kind == SPIKE else DRIFT_SHARES
    steps = round((low + (high - low) * float(share)) * (tag.high_step - tag.low_step))
    return Defect(kind, onset, end, (-steps if kind == DRIFT and sign < 0.5 else steps) / tag.steps_per_unit)


def _of_stations(
    rng: np.random.Generator, tags: Sequence[Tag], forced: Sequence[int]
) -> tuple[dict[int, Defect], Outage | None]:
    """What hits whole I/O stations, each of them at most once a day: outages, slow clocks, and packets sent again."""
    of_tag: dict[int, Defect] = {}
    outage = None
    stations = sorted({tag.instrument.equipment for tag in tags})
    for kind, usual_chance in CHANCE_PER_UNIT_DAY.items():
        chance, size, choice = rng.random(3)
        onset, end = _span(rng, kind)
        if not stations or (kind not in forced and chance >= usual_chance):
            continue
        station = stations.pop(int(choice * len(stations)))
        magnitude = 0.0
        if kind == LATE_FILE:
            outage = _outage(station, onset, end, float(size), kind in forced)
            onset, end = outage.from_second, outage.to_second
        elif kind == CLOCK_SKEW:
            magnitude = -_skew_seconds(float(size))
        for place, tag in enumerate(tags):
            if tag.instrument.equipment == station:
                of_tag[place] = Defect(kind, onset, end, magnitude)
    return of_tag, outage


def _outage(station: str, onset: int, end: int, delay: float, forced: bool) -> Outage:
    if not forced:
        return Outage(station, onset, end, end + round(600 * 60.0**delay))  # 10 minutes to 10 hours
    # Early, and repaired within the day, so that even a single day sees the file arrive.
    early = FIRST_ONSET_SECONDS + onset % (4 * 3600)
    return Outage(station, early, early + end - onset, early + end - onset + round(600 * 6.0**delay))


def _skew_seconds(share: float) -> float:
    """Evenly in the logarithm, whole seconds and a half: a shifted reading never meets another of its tag."""
    shortest, longest = SKEW_SECONDS
    return int(shortest * (longest / shortest) ** share) + 0.5
