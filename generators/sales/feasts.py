"""Moving feasts: the weeks around a feast in which a country buys more or less. Its public holidays are an effect of their own.

The dates are those of the public holiday that belongs to the feast, from the library `holidays`.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

import numpy as np
from numpy.typing import NDArray

from generators.calendars import public_holidays
from generators.sales.countries import Country
from generators.sales.horizon import Horizon

ISLAMIC = ("SA", "TR", "AE")
LUNAR = ("CN", "KR", "SG")
EASTERN_EASTER = ("RO", "GR")
WESTERN_EASTER = (
    *("DE", "US", "GB", "FR", "AU", "NL", "CH", "IT", "SE", "FI", "PL", "CA", "ES", "AT", "BE", "DK", "NO", "IE"),
    *("MX", "NZ", "CZ", "HU", "PT", "ZA", "LU", "SK", "EE", "CL", "CO"),
)
ONE_FEAST_DAYS = 30  # public holidays of the same name, no further apart than this, belong to one feast


@dataclass(frozen=True)
class Feast:
    """The days [first, last] around a feast, counted from its holiday, and the factors on persons' and accounts' demand.

    `calendar` is the country whose public holidays have the one that begins with `holiday`.
    """

    name: str
    countries: tuple[str, ...]
    calendar: str
    holiday: str
    first: int
    last: int
    factors: tuple[float, float]

    def mask(self, horizon: Horizon) -> NDArray[np.bool_]:
        """The planned days that belong to it."""
        found = np.zeros(horizon.day_count, dtype=np.bool_)
        for day in self._dates(horizon):
            distance = (horizon.dates - np.datetime64(day)).astype(np.int64)
            found |= (distance >= self.first) & (distance <= self.last)
        return found

    def _dates(self, horizon: Horizon) -> list[date]:
        """First holiday of each feast; with the year before and after, whose feasts may reach into the plan."""
        kept: list[date] = []
        for year in range(horizon.years[0] - 1, horizon.years[-1] + 2):
            for day, name in public_holidays(self.calendar, year):
                if name.startswith(self.holiday) and not (kept and (day - kept[-1]).days <= ONE_FEAST_DAYS):
                    kept.append(day)
        return kept


# When each lies is exact; the sizes are orders of magnitude, for which the facts name no source: gifts and food are bought
# ahead, offices work shorter hours or close for the week.
FEASTS = (
    Feast("ramadan", ISLAMIC, "TR", "Eid al-Fitr", -29, -1, (1.12, 0.88)),
    Feast("before_eid_al_adha", ISLAMIC, "TR", "Eid al-Adha", -10, -1, (1.10, 1.04)),
    Feast("before_lunar_new_year", LUNAR, "CN", "Chinese New Year (", -14, -1, (1.22, 1.06)),
    Feast("lunar_new_year", LUNAR, "CN", "Chinese New Year (", 0, 6, (0.85, 0.40)),
    Feast("before_easter", WESTERN_EASTER, "GB", "Good Friday", -7, -1, (1.10, 0.95)),
    Feast("before_easter", EASTERN_EASTER, "GR", "Good Friday", -7, -1, (1.12, 0.94)),
    Feast("before_diwali", ("IN",), "IN", "Diwali", -14, -1, (1.30, 1.05)),
    Feast("golden_week", ("JP",), "JP", "Constitution Day", -4, 2, (1.08, 0.60)),
)


def feasts_of(country: Country) -> tuple[Feast, ...]:
    """The feasts that a country keeps."""
    return tuple(feast for feast in FEASTS if country.code in feast.countries)
