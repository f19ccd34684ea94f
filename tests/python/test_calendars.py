"""Calendars: local time through daylight saving, working days, holidays."""

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from generators.calendars import holiday_mask, local_clock, next_working_day, public_holidays, working_mask
from generators.sales.countries import COUNTRIES

FIRST, DAYS = date(2024, 1, 1), 731
ZONES = tuple(dict.fromkeys(country.time_zone for country in COUNTRIES))


@given(zone=st.integers(0, len(ZONES) - 1), day=st.integers(0, DAYS - 1), second=st.integers(0, 86_399))
def test_local_times_and_their_offsets_are_those_of_the_zone(zone: int, day: int, second: int) -> None:
    """Every local time that exists comes back from UTC; one that daylight saving skips comes back an hour later."""
    moments, offsets = local_clock(ZONES, FIRST, DAYS).to_utc(np.array([zone]), np.array([day]), np.array([second]))
    moment = datetime(2024, 1, 1, tzinfo=UTC) + timedelta(seconds=int(moments[0]))
    local = moment.astimezone(ZoneInfo(ZONES[zone]))
    assert local.utcoffset() == timedelta(minutes=int(offsets[0]))
    asked = datetime(2024, 1, 1) + timedelta(days=day, seconds=second)
    assert local.replace(tzinfo=None) - asked in (timedelta(0), timedelta(hours=1))


@pytest.mark.parametrize(
    ("local", "utc"),
    [
        ("2024-03-31 01:59:59", "2024-03-31 00:59:59"),
        ("2024-03-31 02:30:00", "2024-03-31 01:30:00"),  # skipped: taken as 03:30 summer time
        ("2024-03-31 03:00:00", "2024-03-31 01:00:00"),
        ("2024-10-27 02:30:00", "2024-10-27 00:30:00"),  # twice: the first is meant
        ("2024-10-27 03:00:00", "2024-10-27 02:00:00"),
    ],
)
def test_the_switches_of_central_europe(local: str, utc: str) -> None:
    asked = datetime.fromisoformat(local)
    midnight = datetime(asked.year, asked.month, asked.day)
    day, second = (asked.date() - FIRST).days, int((asked - midnight).total_seconds())
    clock = local_clock(("Europe/Berlin",), FIRST, DAYS)
    moments, _ = clock.to_utc(np.array([0]), np.array([day]), np.array([second]))
    assert datetime(2024, 1, 1) + timedelta(seconds=int(moments[0])) == datetime.fromisoformat(utc)


@given(st.lists(st.booleans(), min_size=1, max_size=60))
def test_the_next_working_day_is_the_nearest_one_ahead(working: list[bool]) -> None:
    found = next_working_day(np.array(working))
    for day, following in enumerate(found.tolist()):
        assert following == next((later for later in range(day, len(working)) if working[later]), len(working))


def test_working_days_leave_out_weekend_and_holidays() -> None:
    working = working_mask("DE", (6, 7), date(2024, 12, 23), 7)
    assert working.tolist() == [True, True, False, False, True, False, False]


def test_holidays_differ_by_country_and_move_with_the_year() -> None:
    assert (date(2025, 7, 4), "Independence Day") in public_holidays("US", 2025)
    assert (date(2025, 10, 3), "German Unity Day") in public_holidays("DE", 2025)
    easter_mondays = {2024: date(2024, 4, 1), 2025: date(2025, 4, 21)}
    assert all((day, "Easter Monday") in public_holidays("FR", year) for year, day in easter_mondays.items())


@pytest.mark.parametrize("country_code", [country.code for country in COUNTRIES])
def test_every_country_has_between_four_and_forty_holidays_a_year(country_code: str) -> None:
    assert 4 <= holiday_mask(country_code, date(2025, 1, 1), 365).sum() <= 40
