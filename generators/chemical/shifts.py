"""The shift rota: five teams in shifts of twelve hours, which change at 06:00 and 18:00 by the clock of the site.

A team works two days and two nights and has six days off, so a week has 33.6 hours and every hour has exactly one team. On the
night on which clocks change, the night shift has 11 or 13 hours.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

TEAMS = "ABCDE"
DAY_BEGINS, NIGHT_BEGINS = time(6), time(18)


@dataclass(frozen=True)
class Shift:
    """A shift, by the local day on which it begins."""

    day: date
    is_night: bool

    @property
    def team(self) -> str:
        """The team that works it: pairs of days pass from team to team, and nights follow a pair later."""
        return TEAMS[(self.day.toordinal() // 2 - self.is_night) % len(TEAMS)]

    def starts_at(self, time_zone: str) -> datetime:
        """When it begins at a site of the time zone, UTC."""
        return to_utc(self.day, NIGHT_BEGINS if self.is_night else DAY_BEGINS, time_zone)


def shift_at(time_zone: str, moment: datetime) -> Shift:
    """The shift that is at work at a moment (UTC) at a site of the time zone."""
    local = moment.replace(tzinfo=UTC).astimezone(ZoneInfo(time_zone))
    if local.time() < DAY_BEGINS:
        return Shift(local.date() - timedelta(days=1), is_night=True)
    return Shift(local.date(), is_night=local.time() >= NIGHT_BEGINS)


def to_utc(day: date, clock: time, time_zone: str) -> datetime:
    """A local time in UTC, without a zone as all moments of the lake."""
    local = datetime.combine(day, clock, tzinfo=ZoneInfo(time_zone))
    return local.astimezone(UTC).replace(tzinfo=None)
