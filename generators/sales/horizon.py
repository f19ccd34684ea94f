"""The days that the sales company lives through, numbered from 0, and their months and years."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from functools import cache

import numpy as np
from numpy.typing import NDArray

from generators.scenario import Scenario

NEVER = 1 << 30  # the day number of what does not happen
GO_LIVE_DAYS = 30  # master data stand in the systems so long before the first day of sales


@dataclass(frozen=True)
class Horizon:
    """Whole calendar years [first, end). Days, months and years are numbered from 0 at `first`."""

    first: date
    end: date

    @property
    def day_count(self) -> int:
        """Days."""
        return (self.end - self.first).days

    @property
    def month_count(self) -> int:
        """Months."""
        return 12 * (self.end.year - self.first.year)

    @property
    def start(self) -> np.datetime64:
        """The first day."""
        return np.datetime64(self.first, "D")

    @property
    def dates(self) -> NDArray[np.datetime64]:
        """All days."""
        return np.arange(self.start, np.datetime64(self.end, "D"))

    @property
    def month_of_day(self) -> NDArray[np.int64]:
        """Number of the month, by day."""
        months = self.dates.astype("datetime64[M]") - np.datetime64(self.first, "M")
        return months.astype(np.int64)

    @property
    def month_starts(self) -> NDArray[np.datetime64]:
        """First day of each month."""
        first = np.datetime64(self.first, "M")
        return (first + np.arange(self.month_count)).astype("datetime64[D]")

    @property
    def go_live(self) -> np.datetime64:
        """When master data were loaded, before the first day of sales."""
        return np.datetime64(self.first, "us") - np.timedelta64(GO_LIVE_DAYS, "D")


@cache
def horizon_of(scenario: Scenario) -> Horizon:
    """The scenario's horizon: `sales.years` calendar years before its end."""
    return Horizon(date(scenario.end.year - scenario.sales.years, 1, 1), scenario.end)
