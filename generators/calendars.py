"""Public holidays, working days and local time, as arrays over days: the calendars that both domains live by.

Holidays come from the library `holidays`, daylight saving from the IANA database by `zoneinfo`.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import cache
from zoneinfo import ZoneInfo

import holidays
import numpy as np
from numpy.typing import NDArray

MINUTES_PER_DAY = 1440


@cache
def public_holidays(country_code: str, year: int) -> tuple[tuple[date, str], ...]:
    """Public holidays of a country (ISO 3166-1) in a year, by day and English name; a day can have two names."""
    named = holidays.country_holidays(country_code, years=year, language="en_US")
    return tuple((day, name) for day in sorted(named) for name in sorted(set(named[day].split("; "))))


def holiday_mask(country_code: str, first: date, day_count: int) -> NDArray[np.bool_]:
    """Whether each of `day_count` days from `first` is a public holiday."""
    mask = np.zeros(day_count, dtype=np.bool_)
    last_year = (first + timedelta(days=day_count)).year
    for year in range(first.year, last_year + 1):
        for day, _ in public_holidays(country_code, year):
            position = (day - first).days
            if 0 <= position < day_count:
                mask[position] = True
    return mask


def iso_weekdays(first: date, day_count: int) -> NDArray[np.int64]:
    """ISO weekdays, 1 Monday to 7 Sunday, of `day_count` days from `first`."""
    weekdays: NDArray[np.int64] = (first.isoweekday() - 1 + np.arange(day_count)) % 7 + 1
    return weekdays


def working_mask(country_code: str, weekend: tuple[int, ...], first: date, day_count: int) -> NDArray[np.bool_]:
    """Whether each day is neither a weekly day of rest nor a public holiday."""
    rest = np.isin(iso_weekdays(first, day_count), weekend)
    return np.asarray(~rest & ~holiday_mask(country_code, first, day_count))


def next_working_day(working: NDArray[np.bool_]) -> NDArray[np.int64]:
    """For each day, the number of the first working day on or after it; the length of `working` where there is none."""
    numbers = np.where(working, np.arange(len(working)), len(working))
    following: NDArray[np.int64] = np.minimum.accumulate(numbers[::-1])[::-1]
    return following


@dataclass(frozen=True)
class LocalClock:
    """Offsets from UTC by time zone and day: what its clock shows before and after the day's switch, if it has one.

    Arrays in minutes: `before` and `after` are offsets, `switch` is the local minute from which `after` holds. A local time
    that daylight saving skips does not exist; `to_utc` moves it behind the gap.
    """

    before: NDArray[np.int64]
    after: NDArray[np.int64]
    switch: NDArray[np.int64]

    def to_utc(
        self, zones: NDArray[np.int64], days: NDArray[np.int64], seconds: NDArray[np.int64]
    ) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
        """UTC seconds since day 0's midnight UTC, and offsets in minutes, of local times given by zone, day and second."""
        before, after, switch = self.before[zones, days], self.after[zones, days], self.switch[zones, days]
        minutes = seconds // 60
        gap = after - before
        skipped = (minutes >= switch - gap) & (minutes < switch)
        offsets = np.where((minutes >= switch) | skipped, after, before)
        shown = seconds + np.where(skipped, gap, 0) * 60
        return days * 86_400 + shown - offsets * 60, offsets


@cache
def local_clock(time_zones: tuple[str, ...], first: date, day_count: int) -> LocalClock:
    """The clocks of IANA time zones over `day_count` days from `first`."""
    columns = [_offsets(ZoneInfo(time_zone), first, day_count) for time_zone in time_zones]
    before, after, switch = (np.stack(column) for column in zip(*columns, strict=True))
    return LocalClock(before, after, switch)


def _offsets(zone: ZoneInfo, first: date, day_count: int) -> tuple[NDArray[np.int64], NDArray[np.int64], NDArray[np.int64]]:

    def offset(day: date, minute: int) -> int:
        moment = datetime(day.year, day.month, day.day, tzinfo=zone) + timedelta(minutes=minute)
        shift = moment.utcoffset()
        assert shift is not None
        return int(shift.total_seconds()) // 60

    days = [first + timedelta(days=number) for number in range(day_count + 1)]
    midnights = np.array([offset(day, 0) for day in days], dtype=np.int64)
    before, after = midnights[:-1], midnights[1:]
    switch = np.full(day_count, MINUTES_PER_DAY, dtype=np.int64)
    for number in np.flatnonzero(before != after):
        low, high = 0, MINUTES_PER_DAY
        while high - low > 1:
            middle = (low + high) // 2
            if offset(days[number], middle) == before[number]:
                low = middle
            else:
                high = middle
        switch[number] = high
    return before, after, switch
