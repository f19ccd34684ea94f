"""The named multipliers that move demand. Each is an array over country, customer type and day with mean near 1.

A day's demand is the product of all of them, so that each can be recovered, or left out, by itself.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from generators.calendars import holiday_mask, iso_weekdays
from generators.sales.countries import Country, countries_of
from generators.sales.economy import RECESSIONS, SHOCKS, Episode
from generators.sales.feasts import feasts_of
from generators.sales.horizon import Horizon, horizon_of
from generators.sales.paydays import days_since_payday
from generators.scenario import Scenario

CUSTOMER_TYPES = ("person", "account")
PERSON, ACCOUNT = 0, 1

# Share of a week's orders on the five working days and the two days of rest. Persons: US grocery lines (fact 5). Accounts:
# a wholesaler's invoices (fact 4), whose peak is late in the week, with the week-end of fact 4 moved to the days of rest.
WEEK_SHARES = {
    PERSON: (0.141, 0.131, 0.122, 0.123, 0.132, 0.167, 0.184),
    ACCOUNT: (0.180, 0.203, 0.208, 0.212, 0.172, 0.010, 0.015),
}

# Month factors January to December. Persons: US retail (fact 2) with the higher peak of online shops, so that November and
# December make a fifth of the year (facts 1 and 44); a part of November's peak are its commercial days, below. Accounts:
# restocking before the season with two fifths of a gift wholesaler's swing (fact 6: November 1.81, February 0.63), and the
# pause of the local summer holidays.
MONTH_FACTORS = {
    ("north", PERSON): (0.90, 0.87, 0.96, 0.95, 0.98, 0.97, 0.96, 0.96, 0.97, 1.03, 1.05, 1.24),
    ("south", PERSON): (0.94, 0.88, 0.95, 0.95, 0.97, 0.96, 0.94, 0.95, 0.98, 1.03, 1.04, 1.25),
    ("north", ACCOUNT): (0.92, 0.85, 1.06, 1.00, 1.01, 1.03, 0.92, 0.80, 1.12, 1.16, 1.32, 0.87),
    ("south", ACCOUNT): (0.74, 0.85, 1.07, 1.00, 1.05, 1.04, 1.00, 1.02, 1.11, 1.15, 1.28, 0.83),
}

HOLIDAY_FACTORS = {PERSON: 0.82, ACCOUNT: 0.06}
YEARLY_GROWTH = {PERSON: 0.09, ACCOUNT: 0.06}

# Days on which shops, not states, decide. In the US the five days of Cyber Week were 1.5 (Thanksgiving), 2.7, 1.4, 1.4 and
# 3.4 (Cyber Monday) times the season's average day in value (fact 45: Adobe, 2024). That day is a fifth above an ordinary one
# of November, and Thanksgiving is a holiday, so the factors are larger. Elsewhere two days were imported, and are smaller.
COMMERCIAL_FACTORS = {"black_friday": 2.0, "cyber_monday": 1.5, "singles_day": 2.4}
CYBER_WEEK_COUNTRY = "US"
CYBER_WEEK_FACTORS = {"thanksgiving": 2.4, "black_friday": 3.3, "cyber_weekend": 1.3, "cyber_monday": 3.8}
CYBER_WEEK = ("thanksgiving", "black_friday", "cyber_weekend", "cyber_weekend", "cyber_monday")
SINGLES_DAY_COUNTRIES = frozenset({"CN", "SG", "KR", "TH"})

# Persons buy more for a few days after their wages came. How much more is an order of magnitude without a published source.
PAYDAY_DAYS = 4
PAYDAY_FACTOR = 1.10

# Representatives pull orders into the end of the quarter that their quota ends with, and pay for it with a discount (fact 50);
# the next quarter begins thin.
PULL_IN_DAYS = 10
QUARTER_END_FACTORS = {"last_days": 1.22, "first_days": 0.84}
QUARTER_END_DISCOUNT = 4  # per cent, on top of the contract's

Levels = NDArray[np.str_]
Factors = NDArray[np.float64]


@dataclass(frozen=True)
class Effect:
    """One effect on demand: the level that each day of a country has, and the factor of each day for a customer type."""

    levels: Callable[[Country, Horizon], Levels]
    factors: Callable[[Country, int, Levels], Factors]


@lru_cache(maxsize=1)  # as text they are large: who needs the same again needs it next
def effect_levels(scenario: Scenario, effect: str) -> Levels:
    """The level of an effect by country and day: ISO weekday, month, name of the day or episode, or calendar year."""
    return np.stack([EFFECTS[effect].levels(country, horizon_of(scenario)) for country in countries_of(scenario)])


@lru_cache(maxsize=1)
def effect_factors(scenario: Scenario, effect: str) -> Factors:
    """The factor of an effect by country, customer type and day; 1 where the scenario does without it."""
    if effect in scenario.without:
        return np.ones((scenario.sales.countries, len(CUSTOMER_TYPES), horizon_of(scenario).day_count))
    by_country = [
        [EFFECTS[effect].factors(country, kind, levels) for kind in range(len(CUSTOMER_TYPES))]
        for country, levels in zip(countries_of(scenario), effect_levels(scenario, effect), strict=True)
    ]
    return np.array(by_country)


def _looked_up(levels: Levels, factors: Mapping[str, float]) -> Factors:
    names, index = np.unique(levels, return_inverse=True)
    return np.array([factors.get(str(name), 1.0) for name in names])[index]


def _weekdays(_: Country, horizon: Horizon) -> Levels:
    return iso_weekdays(horizon.first, horizon.day_count).astype("U1")


def _weekday_factors(country: Country, kind: int, levels: Levels) -> Factors:
    shares = WEEK_SHARES[kind]
    first_work_day = max(country.weekend) % 7 + 1
    week = [(first_work_day - 1 + position) % 7 + 1 for position in range(7)]
    return _looked_up(levels, {str(day): 7 * share / sum(shares) for day, share in zip(week, shares, strict=True)})


def _months(_: Country, horizon: Horizon) -> Levels:
    return np.char.zfill((horizon.month_of_day % 12 + 1).astype("U2"), 2)


def _month_factors(country: Country, kind: int, levels: Levels) -> Factors:
    months = MONTH_FACTORS[country.hemisphere, kind]
    return _looked_up(levels, {f"{month:02}": 12 * factor / sum(months) for month, factor in enumerate(months, start=1)})


def _holidays(country: Country, horizon: Horizon) -> Levels:
    return np.where(holiday_mask(country.code, horizon.first, horizon.day_count), "holiday", "ordinary")


def _holiday_factors(_: Country, kind: int, levels: Levels) -> Factors:
    return _looked_up(levels, {"holiday": HOLIDAY_FACTORS[kind]})


def black_friday(year: int) -> date:
    """The day after the fourth Thursday of November."""
    november = date(year, 11, 1)
    return november + timedelta(days=(3 - november.weekday()) % 7 + 22)


def _commercial_days(country: Country, horizon: Horizon) -> Levels:
    days = np.full(horizon.day_count, "ordinary", dtype="U16")
    for year in horizon.years:
        for place, name in enumerate(CYBER_WEEK, start=-1):
            if name in COMMERCIAL_FACTORS or country.code == CYBER_WEEK_COUNTRY:
                days[horizon.dates == np.datetime64(black_friday(year)) + place] = name
        if country.code in SINGLES_DAY_COUNTRIES:
            days[horizon.dates == np.datetime64(date(year, 11, 11))] = "singles_day"
    return days


def _commercial_factors(country: Country, kind: int, levels: Levels) -> Factors:
    factors = CYBER_WEEK_FACTORS if country.code == CYBER_WEEK_COUNTRY else COMMERCIAL_FACTORS
    return _looked_up(levels, factors if kind == PERSON else {})


def _years(_: Country, horizon: Horizon) -> Levels:
    return np.datetime_as_string(horizon.dates, unit="Y")


def _growth_factors(_: Country, kind: int, levels: Levels) -> Factors:
    years = np.arange(len(levels)) / 365.25
    return np.asarray(np.round((1 + YEARLY_GROWTH[kind]) ** years, 9))


def _paydays(country: Country, horizon: Horizon) -> Levels:
    return np.where(days_since_payday(country, horizon) < PAYDAY_DAYS, "payday", "ordinary")


def _payday_factors(_: Country, kind: int, levels: Levels) -> Factors:
    return _looked_up(levels, {"payday": PAYDAY_FACTOR} if kind == PERSON else {})


def _feasts(country: Country, horizon: Horizon) -> Levels:
    days = np.full(horizon.day_count, "ordinary", dtype="U24")
    for feast in feasts_of(country):
        days[feast.mask(horizon)] = feast.name
    return days


def _feast_factors(country: Country, kind: int, levels: Levels) -> Factors:
    return _looked_up(levels, {feast.name: feast.factors[kind] for feast in feasts_of(country)})


def _during(episodes: tuple[Episode, ...]) -> Effect:
    """The effect of episodes: each is a level in the countries that it holds in."""

    def levels(country: Country, horizon: Horizon) -> Levels:
        days = np.full(horizon.day_count, "ordinary", dtype="U24")
        for episode in episodes:
            if episode.holds_in(country):
                days[episode.mask(horizon)] = episode.name
        return days

    def factors(_: Country, kind: int, levels: Levels) -> Factors:
        return _looked_up(levels, {episode.name: episode.factors[kind] for episode in episodes})

    return Effect(levels, factors)


def _quarter_ends(_: Country, horizon: Horizon) -> Levels:
    days = np.full(horizon.day_count, "ordinary", dtype="U12")
    quarters = horizon.dates.astype("datetime64[M]").astype(np.int64) // 3
    starts = (quarters * 3).astype("datetime64[M]").astype("datetime64[D]")
    ends = (quarters * 3 + 3).astype("datetime64[M]").astype("datetime64[D]")
    days[(ends - horizon.dates).astype(np.int64) <= PULL_IN_DAYS] = "last_days"
    days[(horizon.dates - starts).astype(np.int64) < PULL_IN_DAYS] = "first_days"
    return days


def _quarter_end_factors(_: Country, kind: int, levels: Levels) -> Factors:
    return _looked_up(levels, QUARTER_END_FACTORS if kind == ACCOUNT else {})


def quarter_end_discount(scenario: Scenario, day: NDArray[np.int64]) -> NDArray[np.int64]:
    """Per cent that a representative gives away on top of the contract's discount, by day number, to make the quota."""
    if "quarter_end" in scenario.without:
        return np.zeros_like(day)
    levels = _quarter_ends(countries_of(scenario)[0], horizon_of(scenario))
    return np.where(levels == "last_days", QUARTER_END_DISCOUNT, 0)[day]


EFFECTS: dict[str, Effect] = {
    "weekday": Effect(_weekdays, _weekday_factors),
    "season": Effect(_months, _month_factors),
    "holiday": Effect(_holidays, _holiday_factors),
    "commercial_day": Effect(_commercial_days, _commercial_factors),
    "payday": Effect(_paydays, _payday_factors),
    "feast": Effect(_feasts, _feast_factors),
    "growth": Effect(_years, _growth_factors),
    "recession": _during(RECESSIONS),
    "shock": _during(SHOCKS),
    "quarter_end": Effect(_quarter_ends, _quarter_end_factors),
}

# What `--without` can switch off: the effects on demand, and those that work elsewhere in the chain.
EFFECT_NAMES = (*EFFECTS, "promotion", "stock_out", "late_payment", "return")
