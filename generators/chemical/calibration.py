"""Calibrations: every instrument once in 52 weeks, on its own weekday and in daylight, and whenever a drift was noticed.

A calibration finds the error that has grown since the last one, and leaves a small one. A transmitter that a controller reads
is found within its tolerance and left as it is.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

import numpy as np
from numpy.typing import NDArray

from generators.chemical.defects import DAY_SECONDS, DRIFT, DayOfDefects
from generators.chemical.fleet import Unit
from generators.chemical.processes.model import FloatArray
from generators.chemical.tags import Tag
from generators.engine.streams import stream

INTERVAL_DAYS = 364
WORKING_HOURS = (8.0, 16.0)  # solar time at the site
WALK_PER_DAY = 0.15  # standard deviations of the noise by which an instrument's bias wanders in a day
DECIMALS = 6  # of the errors that are written down


@dataclass(frozen=True)
class Calibration:
    """A calibration with the zero errors found and left, in the tag's unit of measure."""

    tag: Tag
    calibrated_at: datetime
    is_scheduled: bool
    as_found_error: float
    as_left_error: float


@dataclass(frozen=True)
class Visit:
    """A calibration to come: when on the day, and the drift that it will end."""

    second: int
    drift: float = 0.0


def visits(unit: Unit, plan: DayOfDefects, day: date) -> dict[int, Visit]:
    """The day's calibrations by the place of the tag in the unit: those on schedule, and those that end a drift."""
    slots, seconds = _schedule(unit)
    due = np.flatnonzero(slots == _slot(day))
    found = {int(place): Visit(int(seconds[place])) for place in due if not unit.tags[place].instrument.is_exact}
    for place, defect in plan.of_tag.items():
        if defect.kind == DRIFT:
            found[place] = Visit(defect.to_second, defect.magnitude)
    return found


def calibrated(unit: Unit, place: int, visit: Visit, day: date, bias: float) -> Calibration:
    """The calibration of an instrument that had a bias."""
    tag = unit.tags[place]
    at = datetime.combine(day, time()) + timedelta(seconds=visit.second)
    left = bias if tag.instrument.is_controlled else _left_error(unit, tag, day)
    return Calibration(tag, at, visit.drift == 0.0, round(bias + visit.drift, DECIMALS), round(left, DECIMALS))


def last_calibrations(unit: Unit, day: date) -> list[Calibration]:
    """The last one of every instrument before a day, as the records go back. It left the bias that the tag was built with."""
    rng = stream(unit.seed, "cmms.calibrations", "year before the last", str(unit.unit_id))
    walked = np.sqrt(INTERVAL_DAYS) * WALK_PER_DAY * rng.standard_normal(len(unit.tags))
    _, seconds = _schedule(unit)
    found = []
    for place, (tag, days) in enumerate(zip(unit.tags, _days_since(unit, day), strict=True)):
        if not tag.instrument.is_exact:
            at = datetime.combine(day - timedelta(days=int(days)), time()) + timedelta(seconds=int(seconds[place]))
            error = tag.bias if tag.instrument.is_controlled else tag.bias + tag.noise_sd * float(walked[place])
            found.append(Calibration(tag, at, True, round(error, DECIMALS), round(tag.bias, DECIMALS)))
    return found


def first_biases(unit: Unit, day: date) -> FloatArray:
    """The bias of every tag at the beginning of a day, wandered off since its last calibration."""
    rng = stream(unit.seed, "historian.readings", "first bias", str(unit.unit_id))
    walked = np.sqrt(_days_since(unit, day)) * WALK_PER_DAY * rng.standard_normal(len(unit.tags))
    return np.array([tag.bias + float(step) * _walking_sd(tag) for tag, step in zip(unit.tags, walked, strict=True)])


def walked_biases(unit: Unit, bias: FloatArray, day: date) -> FloatArray:
    """The biases at the end of a day without calibration: a random walk."""
    rng = stream(unit.seed, "historian.readings", "bias walk", f"{unit.unit_id}:{day}")
    kicks = WALK_PER_DAY * np.array([_walking_sd(tag) for tag in unit.tags])
    walked: FloatArray = bias + kicks * rng.standard_normal(len(bias))
    return walked


def _walking_sd(tag: Tag) -> float:
    """The noise by which a bias walk is measured; 0 for a number in a controller, and for what a controller reads."""
    return 0.0 if tag.instrument.is_controlled else tag.noise_sd


def _left_error(unit: Unit, tag: Tag, day: date) -> float:
    rng = stream(unit.seed, "cmms.calibrations", "error left", f"{tag.tag_id}:{day}")
    return round(tag.noise_sd * float(rng.uniform(-0.5, 0.5)), DECIMALS)


def _schedule(unit: Unit) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """The slot of every tag in the 364 days, Monday to Friday, and the second of the day UTC."""
    rng = stream(unit.seed, "cmms.calibrations", "schedule", str(unit.unit_id))
    weeks, weekdays, hours = rng.random((3, len(unit.tags)))
    slots = np.floor(52 * weeks).astype(np.int64) * 7 + np.floor(5 * weekdays).astype(np.int64)
    solar = WORKING_HOURS[0] + (WORKING_HOURS[1] - WORKING_HOURS[0]) * hours
    seconds = ((solar - unit.plant.site.place.longitude_degrees / 15.0) * 60).astype(np.int64) * 60 % DAY_SECONDS
    return slots, seconds


def _slot(day: date) -> int:
    return (day.toordinal() - 1) % INTERVAL_DAYS  # day 1 of the calendar is a Monday


def _days_since(unit: Unit, day: date) -> NDArray[np.int64]:
    """Days from each tag's last calibration on schedule before a day, at least 1."""
    slots, _ = _schedule(unit)
    days: NDArray[np.int64] = (_slot(day) - slots - 1) % INTERVAL_DAYS + 1
    return days
