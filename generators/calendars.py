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
        index = zones * self.before.shape[1] + days
        offsets = self.before.ravel()[index]
        utc = days * 86_400 + seconds - offsets * 60
        rows = np.flatnonzero((self.before != self.after).ravel()[index])  # on the few days with a switch
        minutes, before, switch = seconds[rows] // 60, offsets[rows], self.switch.ravel()[index[rows]]
        gap = self.after.ravel()[index[rows]] - before
        skipped = (minutes >= switch - gap) & (minutes < switch)
        switched = minutes >= switch
        offsets[rows] += np.where(switched | skipped, gap, 0)
        utc[rows] -= np.where(switched, gap, 0) * 60
        return utc, offsets


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
    midnights = np.empty(day_count + 1, dtype=np.int64)
    for start in range(0, day_count + 1, 14):  # no zone changes to and fro within two weeks
        end = min(start + 14, day_count)
        midnights[start : end + 1] = offset(days[start], 0)
        if midnights[end] != offset(days[end], 0):
            midnights[start : end + 1] = [offset(day, 0) for day in days[start : end + 1]]
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
