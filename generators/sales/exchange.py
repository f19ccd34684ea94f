"""Exchange rates: a mean-reverting log process with correlated currencies on business days, all quoted against the euro.

Rates move against the US dollar with the published annual volatilities (fact 26) and a common dollar factor; the euro's own
move turns them into units per euro, so cross rates agree by construction.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache

import numpy as np
from numpy.typing import NDArray

from generators.engine.streams import stream
from generators.sales.countries import currencies_of
from generators.sales.horizon import horizon_of
from generators.scenario import Scenario

BUSINESS_DAYS_PER_YEAR = 260
REVERSION_PER_DAY = np.log(2) / (2 * BUSINESS_DAYS_PER_YEAR)  # half of a departure is gone after two years


@dataclass(frozen=True)
class Quote:
    """Level (units per euro), annual volatility in per cent, share of the common dollar factor, and what it is held against."""

    level: float
    volatility: float
    dollar_loading: float
    anchor: str = "USD"


# Levels: rounded averages of 2023 to 2025. Volatilities: fact 26 for EUR GBP CAD AUD JPY CHF SEK INR CNY MXN ZAR, rounded
# market experience for the others. SAR and AED are pegged to the dollar, DKK and RON are held against the euro.
QUOTES: dict[str, Quote] = {
    "EUR": Quote(1.0, 8.4, 0.85),
    "USD": Quote(1.09, 0.0, 0.0),
    "GBP": Quote(0.855, 9.3, 0.70),
    "JPY": Quote(160.0, 10.8, 0.45),
    "AUD": Quote(1.66, 11.9, 0.70),
    "SAR": Quote(4.09, 0.05, 0.0),
    "CHF": Quote(0.955, 10.3, 0.70),
    "SEK": Quote(11.4, 11.9, 0.80),
    "PLN": Quote(4.35, 12.5, 0.75),
    "RON": Quote(4.97, 1.5, 0.0, anchor="EUR"),
    "CAD": Quote(1.49, 8.5, 0.60),
    "DKK": Quote(7.46, 0.15, 0.0, anchor="EUR"),
    "NOK": Quote(11.6, 12.2, 0.75),
    "CNY": Quote(7.80, 4.3, 0.40),
    "KRW": Quote(1460.0, 9.6, 0.55),
    "INR": Quote(91.5, 7.3, 0.40),
    "MXN": Quote(20.2, 12.4, 0.45),
    "SGD": Quote(1.45, 5.4, 0.75),
    "NZD": Quote(1.81, 12.2, 0.70),
    "CZK": Quote(24.7, 11.6, 0.75),
    "HUF": Quote(392.0, 13.8, 0.75),
    "TRY": Quote(36.0, 16.0, 0.25),
    "ZAR": Quote(19.9, 17.6, 0.55),
    "AED": Quote(4.00, 0.05, 0.0),
    "CLP": Quote(1010.0, 12.0, 0.45),
    "COP": Quote(4550.0, 13.5, 0.45),
    "THB": Quote(37.4, 6.8, 0.55),
}


@cache
def fixing_dates(scenario: Scenario) -> NDArray[np.datetime64]:
    """Business days, Monday to Friday, from the last one on or before the first day of sales to the horizon."""
    horizon = horizon_of(scenario)
    first = np.busday_offset(horizon.start, 0, roll="backward")
    days = np.arange(first, np.datetime64(horizon.end, "D"))
    return np.asarray(days[np.is_busday(days)])


@cache
def units_per_eur(scenario: Scenario) -> NDArray[np.int64]:
    """Rates in millionths of a unit per euro, by fixing date and currency (in the order of `currencies_of`)."""
    codes = tuple(QUOTES)
    draws = stream(scenario.seed, "ref.fx_rates", "innovations")
    innovations = draws.standard_normal((len(fixing_dates(scenario)), 1 + len(codes)))
    loadings = np.array([QUOTES[code].dollar_loading for code in codes])
    steps = np.array([QUOTES[code].volatility for code in codes]) / 100 / np.sqrt(BUSINESS_DAYS_PER_YEAR)
    shocks = steps * (loadings * innovations[:, :1] + np.sqrt(1 - loadings**2) * innovations[:, 1:])
    departures = np.empty_like(shocks)
    departure = np.zeros(len(codes))
    for day, shock in enumerate(shocks):
        departure = departure * (1 - REVERSION_PER_DAY) + shock
        departures[day] = departure
    euro = departures[:, [codes.index("EUR")]]
    on_euro = np.array([QUOTES[code].anchor == "EUR" for code in codes])
    levels = np.array([QUOTES[code].level for code in codes])
    rates = levels * np.exp(departures - np.where(on_euro, 0.0, euro))
    wanted = [codes.index(currency.code) for currency in currencies_of(scenario)]
    return np.asarray(np.rint(rates * 1_000_000).astype(np.int64)[:, wanted])
