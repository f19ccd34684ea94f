"""The days that the sales company plans for, numbered from 0, and their months and years.

The plan goes beyond the last day that is written: goods for the next weeks' orders are received before it. Which days are
written is the engine's business; the generators know the plan alone, so a longer horizon changes no earlier day.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from functools import cache

import numpy as np
from numpy.typing import NDArray

from generators.scenario import Scenario

NEVER = 1 << 30  # the day number of what does not happen
GO_LIVE_DAYS = 30  # master data stand in the systems so long before the first day of sales


@dataclass(frozen=True)
class Horizon:
    """The planned days [first, end): whole months. Days and months are numbered from 0 at `first`.

    The scenario's exact counts refer to the days before `scale_end`; what comes after goes on at the same scale.
    """

    first: date
    scale_end: date
    end: date

    @property
    def day_count(self) -> int:
        """Planned days."""
        return (self.end - self.first).days

    @property
    def scale_days(self) -> int:
        """Days to which the exact counts refer."""
        return (self.scale_end - self.first).days

    @property
    def month_count(self) -> int:
        """Planned months."""
        return len(self.month_starts)

    @property
    def scale_months(self) -> int:
        """Months to which the exact counts refer."""
        return 12 * (self.scale_end.year - self.first.year)

    @property
    def years(self) -> range:
        """Calendar years with at least one planned day."""
        return range(self.first.year, (self.end - timedelta(days=1)).year + 1)

    @property
    def start(self) -> np.datetime64:
        """The first day."""
        return np.datetime64(self.first, "D")

    @property
    def dates(self) -> NDArray[np.datetime64]:
        """All planned days."""
        return np.arange(self.start, np.datetime64(self.end, "D"))

    @property
    def month_of_day(self) -> NDArray[np.int64]:
        """Number of the month, by day."""
        months = self.dates.astype("datetime64[M]") - np.datetime64(self.first, "M")
        return months.astype(np.int64)

    @property
    def month_starts(self) -> NDArray[np.datetime64]:
        """First day of each planned month."""
        return np.arange(np.datetime64(self.first, "M"), np.datetime64(self.end, "M")).astype("datetime64[D]")

    @property
    def go_live(self) -> np.datetime64:
        """When master data were loaded, before the first day of sales."""
        return np.datetime64(self.first, "us") - np.timedelta64(GO_LIVE_DAYS, "D")


@cache
def horizon_of(scenario: Scenario) -> Horizon:
    """`sales.years` calendar years before the scenario's end, and at least a whole month after the last day to be written."""
    last_written = max(scenario.end, scenario.until) - timedelta(days=1)
    end = np.datetime64(last_written, "M") + 2
    return Horizon(date(scenario.end.year - scenario.sales.years, 1, 1), scenario.end, end.astype("datetime64[D]").item())
