"""Reference data as the company holds them: countries, markets, currencies, exchange rates, taxes and public holidays."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

import numpy as np
import pyarrow as pa

from generators.calendars import public_holidays
from generators.engine.columns import rows_of
from generators.engine.plan import Chunk, Family, Part
from generators.sales.countries import countries_of, currencies_of, markets_of
from generators.sales.exchange import fixing_dates, units_per_eur
from generators.sales.horizon import GO_LIVE_DAYS, horizon_of
from generators.sales.labels import labelled
from generators.sales.taxes import TAX_CLASSES, rate_steps
from generators.scenario import Scenario

FIXED_AT = np.timedelta64(15 * 60, "m")  # of the day, UTC: the fixing of the European Central Bank is published then
FILE = "part-000.parquet"


def _lists_parts(_: Scenario) -> list[Part]:
    return [Part("reference", "all", 1)]


def _lists(scenario: Scenario, _: Part) -> Iterator[Chunk]:
    yield Chunk("ref.currencies", FILE, _currency_rows(scenario))
    yield Chunk("ref.markets", FILE, _market_rows(scenario))
    yield Chunk("ref.countries", FILE, _country_rows(scenario))
    yield _tax_chunk(scenario)


def _currency_rows(scenario: Scenario) -> pa.Table:
    currencies = currencies_of(scenario)
    loaded = np.full(len(currencies), horizon_of(scenario).go_live)
    return rows_of(
        "ref.currencies",
        {
            "currency_code": [currency.code for currency in currencies],
            "currency_name": [currency.name for currency in currencies],
            "minor_unit_digits": [currency.digits for currency in currencies],
            "created_at": loaded,
            "updated_at": loaded,
        },
    )


def _market_rows(scenario: Scenario) -> pa.Table:
    markets = markets_of(scenario)
    loaded = np.full(len(markets), horizon_of(scenario).go_live)
    return rows_of(
        "ref.markets",
        {
            "market_code": [market.code for market in markets],
            "market_name": [market.name for market in markets],
            "currency_code": [market.currency for market in markets],
            "created_at": loaded,
            "updated_at": loaded,
        },
    )


def _country_rows(scenario: Scenario) -> pa.Table:
    countries = countries_of(scenario)
    loaded = np.full(len(countries), horizon_of(scenario).go_live)
    return rows_of(
        "ref.countries",
        {
            "country_code": [country.code for country in countries],
            "country_name": [country.name for country in countries],
            "region_name": [country.region for country in countries],
            "market_code": [country.market for country in countries],
            "currency_code": [country.currency for country in countries],
            "locale_code": [country.locale for country in countries],
            "time_zone": [country.time_zone for country in countries],
            "hemisphere": [country.hemisphere for country in countries],
            "weekend_days": [",".join(map(str, country.weekend)) for country in countries],
            "created_at": loaded,
            "updated_at": loaded,
        },
    )


def _tax_chunk(scenario: Scenario) -> Chunk:
    """The rates; a change is entered when master data are loaded, or a month ahead of it."""
    horizon = horizon_of(scenario)
    rows = [
        (country.code, tax_class, day, rate)
        for country in countries_of(scenario)
        for tax_class in TAX_CLASSES
        for day, rate in rate_steps(country.code, tax_class)
    ]
    codes, classes, days, rates = zip(*rows, strict=True)
    effective_from = np.array(days, dtype="datetime64[D]")
    entered = np.maximum(horizon.go_live, effective_from.astype("datetime64[us]") - np.timedelta64(GO_LIVE_DAYS, "D"))
    table = rows_of(
        "ref.tax_rates",
        {
            "country_code": list(codes),
            "tax_class": list(classes),
            "effective_from": effective_from,
            "tax_rate": np.array(rates),
            "created_at": entered,
            "updated_at": entered,
        },
    )
    return Chunk("ref.tax_rates", FILE, table, entered.astype("datetime64[D]"))


def _years(family: str, scenario: Scenario) -> list[Part]:
    horizon = horizon_of(scenario)
    return [Part(family, str(year), 1) for year in horizon.years]


def _rate_parts(scenario: Scenario) -> list[Part]:
    return _years("exchange", scenario)


def _rates(scenario: Scenario, part: Part) -> Iterator[Chunk]:
    """The fixings of a year; the first year also has the last one before it, which its first days need."""
    dates, currencies = fixing_dates(scenario), currencies_of(scenario)
    years = np.maximum(dates.astype("datetime64[Y]").astype(np.int64) + 1970, horizon_of(scenario).first.year)
    rows = np.flatnonzero(years == int(part.key))
    rate_date = np.repeat(dates[rows], len(currencies))
    published = rate_date.astype("datetime64[us]") + FIXED_AT
    table = rows_of(
        "ref.fx_rates",
        {
            "currency_code": labelled([currency.code for currency in currencies], np.arange(len(rate_date)) % len(currencies)),
            "rate_date": rate_date,
            "units_per_eur": units_per_eur(scenario)[rows].ravel(),
            "created_at": published,
            "updated_at": published,
        },
    )
    yield Chunk("ref.fx_rates", f"part-{part.key}.parquet", table, rate_date)


def _holiday_parts(scenario: Scenario) -> list[Part]:
    return _years("holidays", scenario)


def _holidays(scenario: Scenario, part: Part) -> Iterator[Chunk]:
    year = int(part.key)
    rows = [(land.code, day, name) for land in countries_of(scenario) for day, name in public_holidays(land.code, year)]
    codes, days, names = zip(*rows, strict=True)
    loaded = np.full(len(rows), np.datetime64(date(year - 1, 12, 1), "us"))
    table = rows_of(
        "ref.country_holidays",
        {
            "country_code": list(codes),
            "holiday_date": np.array(days, dtype="datetime64[D]"),
            "holiday_name": list(names),
            "created_at": loaded,
            "updated_at": loaded,
        },
    )
    yield Chunk("ref.country_holidays", f"part-{part.key}.parquet", table, loaded.astype("datetime64[D]"))


LISTS: Family[Scenario] = Family(
    "reference", ("ref.currencies", "ref.markets", "ref.countries", "ref.tax_rates"), _lists_parts, _lists
)
EXCHANGE: Family[Scenario] = Family("exchange", ("ref.fx_rates",), _rate_parts, _rates)
HOLIDAYS: Family[Scenario] = Family("holidays", ("ref.country_holidays",), _holiday_parts, _holidays)
