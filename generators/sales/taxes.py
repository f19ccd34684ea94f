"""Value added and goods-and-services taxes by country, class and first day of validity.

Standard rates and their dated changes are those of facts 46 and 47, cross-checked there against two public lists; TH 7, CA 5
and the changes of JP, CN, SA, AE, ZA, TR, SG, CH and CO are the published laws' own. The reduced rate is the one that the
country puts on food and books, the two reduced departments; where it knows none, the standard rate stands for both.
CA is the federal tax alone. The US has no value added tax: sales taxes are the states' and lie outside of this company's
invoices, so its rate is 0. Changes before 2016 are not listed; the first rate stands from 2000 on.
"""

from __future__ import annotations

from datetime import date
from functools import cache

import numpy as np
from numpy.typing import NDArray

from generators.sales.countries import countries_of
from generators.sales.horizon import horizon_of
from generators.scenario import Scenario

TAX_CLASSES = ("standard", "reduced")

FIRST = "2000-01-01"

# country: (standard, reduced) in per cent, each a number or its dated steps
Steps = float | tuple[tuple[str, float], ...]
RATES: dict[str, tuple[Steps, Steps]] = {
    "DE": (
        ((FIRST, 19), ("2020-07-01", 16), ("2021-01-01", 19)),
        ((FIRST, 7), ("2020-07-01", 5), ("2021-01-01", 7)),
    ),
    "US": (0, 0),
    "GB": (20, 0),
    "JP": (((FIRST, 8), ("2019-10-01", 10)), 8),
    "FR": (20, 5.5),
    "AU": (10, 0),
    "NL": (21, ((FIRST, 6), ("2019-01-01", 9))),
    "SA": (((FIRST, 0), ("2018-01-01", 5), ("2020-07-01", 15)), ((FIRST, 0), ("2018-01-01", 5), ("2020-07-01", 15))),
    "CH": (
        ((FIRST, 8), ("2018-01-01", 7.7), ("2024-01-01", 8.1)),
        ((FIRST, 2.5), ("2024-01-01", 2.6)),
    ),
    "IT": (22, 4),
    "SE": (25, 12),
    "FI": (((FIRST, 24), ("2024-09-01", 25.5)), 14),
    "PL": (23, 5),
    "RO": (
        ((FIRST, 20), ("2017-01-01", 19), ("2025-08-01", 21)),
        ((FIRST, 9), ("2025-08-01", 11)),
    ),
    "CA": (5, 0),
    "ES": (21, 4),
    "AT": (20, 10),
    "BE": (21, 6),
    "DK": (25, 25),
    "NO": (25, 15),
    "IE": (((FIRST, 23), ("2020-09-01", 21), ("2021-03-01", 23)), 0),
    "CN": (
        ((FIRST, 17), ("2018-05-01", 16), ("2019-04-01", 13)),
        ((FIRST, 13), ("2017-07-01", 11), ("2018-05-01", 10), ("2019-04-01", 9)),
    ),
    "KR": (10, 0),
    "IN": (18, 5),
    "MX": (16, 0),
    "SG": (((FIRST, 7), ("2023-01-01", 8), ("2024-01-01", 9)), ((FIRST, 7), ("2023-01-01", 8), ("2024-01-01", 9))),
    "NZ": (15, 15),
    "CZ": (21, ((FIRST, 15), ("2024-01-01", 12))),
    "HU": (27, 5),
    "PT": (23, 6),
    "GR": (((FIRST, 23), ("2016-06-01", 24)), 13),
    "TR": (((FIRST, 18), ("2023-07-10", 20)), ((FIRST, 8), ("2022-02-14", 1))),
    "ZA": (((FIRST, 14), ("2018-04-01", 15)), 0),
    "AE": (((FIRST, 0), ("2018-01-01", 5)), ((FIRST, 0), ("2018-01-01", 5))),
    "LU": (((FIRST, 17), ("2023-01-01", 16), ("2024-01-01", 17)), 3),
    "SK": (((FIRST, 20), ("2025-01-01", 23)), ((FIRST, 10), ("2025-01-01", 5))),
    "EE": (((FIRST, 20), ("2024-01-01", 22), ("2025-07-01", 24)), 9),
    "CL": (19, 19),
    "CO": (((FIRST, 16), ("2017-01-01", 19)), 5),
    "TH": (7, 7),
}


def rate_steps(country_code: str, tax_class: str) -> list[tuple[date, int]]:
    """First day and rate in millionths, in order of time."""
    steps = RATES[country_code][TAX_CLASSES.index(tax_class)]
    dated = steps if isinstance(steps, tuple) else ((FIRST, steps),)
    return [(date.fromisoformat(day), round(percent * 10_000)) for day, percent in dated]


@cache
def tax_rates_by_day(scenario: Scenario) -> NDArray[np.int64]:
    """Rates in millionths, by country, tax class and day of the horizon."""
    days = horizon_of(scenario).dates
    rates = np.empty((scenario.sales.countries, len(TAX_CLASSES), len(days)), dtype=np.int64)
    for row, country in enumerate(countries_of(scenario)):
        for column, tax_class in enumerate(TAX_CLASSES):
            for first_day, rate in rate_steps(country.code, tax_class):
                rates[row, column, days >= np.datetime64(first_day)] = rate
    return rates
