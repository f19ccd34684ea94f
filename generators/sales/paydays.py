"""When wages are paid: on a day of the month that is the country's habit, or on the last working day before it."""

from __future__ import annotations

from datetime import date

import numpy as np
from numpy.typing import NDArray

from generators.calendars import working_mask
from generators.sales.countries import Country
from generators.sales.horizon import Horizon

LAST = 31  # the last day of the month, whatever its number
USUAL_DAYS = (LAST,)
# The commonest day of the month where it is not the last one; 15th and last where wages come twice a month. Habits of payroll,
# not statistics.
PAYDAYS = {
    **dict.fromkeys(("JP", "SE", "CH", "NL", "KR", "ZA", "DK", "TH"), (25,)),
    **dict.fromkeys(("US", "CA", "MX", "CO", "FI"), (15, LAST)),
    **dict.fromkeys(("PL", "CN", "HU", "CZ", "SK", "EE"), (10,)),
    **dict.fromkeys(("SA", "IT"), (27,)),
    **dict.fromkeys(("TR", "NO", "AU"), (15,)),
}


def days_since_payday(country: Country, horizon: Horizon) -> NDArray[np.int64]:
    """Days since wages were last paid, by planned day; 0 on the day itself."""
    earliest = _month_before(horizon.first)
    lead = (horizon.first - earliest).days
    count = lead + horizon.day_count
    days = np.arange(np.datetime64(earliest), np.datetime64(horizon.end))
    months = days.astype("datetime64[M]")
    day_of_month = (days - months.astype("datetime64[D]")).astype(np.int64) + 1
    month_length = ((months + 1).astype("datetime64[D]") - months.astype("datetime64[D]")).astype(np.int64)
    usual = np.zeros(count, dtype=np.bool_)
    for payday in PAYDAYS.get(country.code, USUAL_DAYS):
        usual |= day_of_month == np.minimum(payday, month_length)
    works = working_mask(country.code, country.weekend, earliest, count)
    last_working_day = np.maximum.accumulate(np.where(works, np.arange(count), 0))
    paid = np.zeros(count, dtype=np.bool_)
    paid[last_working_day[usual]] = True
    last_payday = np.maximum.accumulate(np.where(paid, np.arange(count), 0))
    return np.asarray((np.arange(count) - last_payday)[lead:])


def _month_before(first: date) -> date:
    return date(first.year - (first.month == 1), (first.month - 2) % 12 + 1, 1)
