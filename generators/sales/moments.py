"""Days and seconds of the plan as dates and moments, and the working days of the countries."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from generators.calendars import LocalClock, local_clock, next_working_day, working_mask
from generators.sales.countries import countries_of
from generators.sales.horizon import horizon_of
from generators.sales.labels import labelled
from generators.scenario import Scenario

MARGIN_DAYS = 600  # beyond the plan, so that due dates and late payments have a calendar
DAY_SECONDS = 86_400


def clock_of(scenario: Scenario) -> LocalClock:
    """The local clocks of the countries, from the first day of sales to well beyond the plan."""
    horizon = horizon_of(scenario)
    zones = tuple(country.time_zone for country in countries_of(scenario))
    return local_clock(zones, horizon.first, horizon.day_count + MARGIN_DAYS)


def utc_seconds(
    scenario: Scenario, country: NDArray[np.int64], day: NDArray[np.int64], local_second: NDArray[np.int64]
) -> NDArray[np.int64]:
    """Seconds UTC since day 0 of local times; days before the first one have the first one's offset."""
    known = in_calendar(scenario, np.maximum(day, 0))
    second, _ = clock_of(scenario).to_utc(country, known, local_second)
    return second + (day - known) * DAY_SECONDS


def moments(scenario: Scenario, seconds: NDArray[np.int64]) -> NDArray[np.datetime64]:
    """UTC moments of seconds since day 0."""
    return np.asarray(np.datetime64(horizon_of(scenario).first, "us") + seconds * 1_000_000)


def dates(scenario: Scenario, days: NDArray[np.int64]) -> NDArray[np.datetime64]:
    """Dates of day numbers."""
    return np.asarray(horizon_of(scenario).start + days)


def in_calendar(scenario: Scenario, day: NDArray[np.int64]) -> NDArray[np.int64]:
    """Days beyond the calendar's end are far beyond the plan: which one of them no longer matters."""
    return np.minimum(day, horizon_of(scenario).day_count + MARGIN_DAYS - 1)


def country_labels(scenario: Scenario, attribute: str, country: NDArray[np.int64]) -> pa.Array:
    """An attribute of each country, such as its code."""
    return labelled(tuple(getattr(land, attribute) for land in countries_of(scenario)), country)


@dataclass(frozen=True)
class WorkingDays:
    """By country and day: the first working day on or after it, and the last one on or before it."""

    following: NDArray[np.int64]
    preceding: NDArray[np.int64]


@cache
def working_days_of(scenario: Scenario) -> WorkingDays:
    """The working days of the countries over the calendar."""
    horizon = horizon_of(scenario)
    count = horizon.day_count + MARGIN_DAYS
    masks = [working_mask(land.code, land.weekend, horizon.first, count) for land in countries_of(scenario)]
    following = np.stack([np.minimum(next_working_day(mask), count - 1) for mask in masks])
    preceding = np.stack([np.maximum.accumulate(np.where(mask, np.arange(count), 0)) for mask in masks])
    return WorkingDays(following, preceding)


def following_working_day(scenario: Scenario, country: NDArray[np.int64], day: NDArray[np.int64]) -> NDArray[np.int64]:
    """The first working day of a country on or after each day."""
    return np.asarray(working_days_of(scenario).following[country, in_calendar(scenario, day)])
