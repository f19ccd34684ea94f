"""The forty countries that the company can sell in, in the order in which presets take them.

The order mixes regions early on, so that four countries already have four currencies, one of them without minor units, and
eight have both hemispheres and two kinds of week-end. Names come from pycountry, currency digits from CLDR (babel).
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache

import pycountry
from babel.numbers import get_currency_name, get_currency_precision

from generators.scenario import Scenario, ScenarioError

WESTERN, NORTHERN, SOUTHERN, EASTERN = "Western Europe", "Northern Europe", "Southern Europe", "Eastern Europe"
NORTH_AMERICA, LATIN_AMERICA = "North America", "Latin America"
ASIA_PACIFIC, MIDDLE_EAST_AFRICA = "Asia Pacific", "Middle East and Africa"


@dataclass(frozen=True)
class Country:
    """A country to sell in.

    `weight` is its share of demand in proportion to the others (home 40; fact 28 has the same shape but leaves the small
    ones without orders). `prompt_share` is the share of accounts' invoices paid by the due date and `days_late` the mean
    delay of the others: CRIBIS D&B 2019, D&B/Altares and Dun & Bradstreet 2016 where they publish the country (facts
    36-38), neighbours' values elsewhere. `very_late_share` is the share of them paid over 90 days late; with the 1.3 % that are
    never paid it makes 3.5 % in the US, and 1.2 % in Canada leave none (fact 37), nor does anybody publish it elsewhere.
    `weekend` holds ISO weekdays, `terms_days` the usual payment terms of accounts.
    """

    code: str
    weight: float
    region: str
    currency: str
    locale: str
    time_zone: str
    prompt_share: float
    days_late: float
    terms_days: int = 30
    very_late_share: float = 0.0
    hemisphere: str = "north"
    weekend: tuple[int, int] = (6, 7)

    @property
    def name(self) -> str:
        """English short name."""
        record = pycountry.countries.lookup(self.code)
        return str(getattr(record, "common_name", record.name))

    @property
    def market(self) -> str:
        """Market whose price list applies: the euro area shares one, every other country has its own."""
        return "EZ" if self.currency == "EUR" else self.code


@dataclass(frozen=True)
class Market:
    """A group of countries with one price list in one currency."""

    code: str
    name: str
    currency: str


@dataclass(frozen=True)
class Currency:
    """A currency. Amounts are multiples of `minor_unit`, in hundredths: 1 for EUR, 100 for JPY."""

    code: str
    name: str
    digits: int

    @property
    def minor_unit(self) -> int:
        """The smallest amount, in hundredths of the currency."""
        return int(10 ** (2 - self.digits))


COUNTRIES: tuple[Country, ...] = (
    Country("DE", 40.0, WESTERN, "EUR", "de_DE", "Europe/Berlin", 0.671, 9, 30),
    Country("US", 14.0, NORTH_AMERICA, "USD", "en_US", "America/New_York", 0.571, 14, 30, very_late_share=0.023),
    Country("GB", 9.0, WESTERN, "GBP", "en_GB", "Europe/London", 0.45, 26, 30),
    Country("JP", 5.0, ASIA_PACIFIC, "JPY", "ja_JP", "Asia/Tokyo", 0.70, 8, 60),
    Country("FR", 6.5, WESTERN, "EUR", "fr_FR", "Europe/Paris", 0.43, 19, 60),
    Country("AU", 3.0, ASIA_PACIFIC, "AUD", "en_AU", "Australia/Sydney", 0.50, 14, 30, hemisphere="south"),
    Country("NL", 4.0, WESTERN, "EUR", "nl_NL", "Europe/Amsterdam", 0.738, 15, 30),
    Country("SA", 1.6, MIDDLE_EAST_AFRICA, "SAR", "ar_SA", "Asia/Riyadh", 0.35, 26, 60, weekend=(5, 6)),
    Country("CH", 3.6, WESTERN, "CHF", "de_CH", "Europe/Zurich", 0.62, 11, 30),
    Country("IT", 3.4, SOUTHERN, "EUR", "it_IT", "Europe/Rome", 0.355, 24, 60),
    Country("SE", 2.0, NORTHERN, "SEK", "sv_SE", "Europe/Stockholm", 0.60, 9, 30),
    Country("FI", 1.4, NORTHERN, "EUR", "fi_FI", "Europe/Helsinki", 0.58, 9, 14),
    Country("PL", 2.4, EASTERN, "PLN", "pl_PL", "Europe/Warsaw", 0.793, 17, 30),
    Country("RO", 1.2, EASTERN, "RON", "ro_RO", "Europe/Bucharest", 0.203, 24, 30),
    Country("CA", 2.2, NORTH_AMERICA, "CAD", "en_CA", "America/Toronto", 0.353, 15, 30),
    Country("ES", 2.6, SOUTHERN, "EUR", "es_ES", "Europe/Madrid", 0.45, 20, 60),
    Country("AT", 3.0, WESTERN, "EUR", "de_AT", "Europe/Vienna", 0.62, 10, 30),
    Country("BE", 2.2, WESTERN, "EUR", "nl_BE", "Europe/Brussels", 0.456, 18, 30),
    Country("DK", 1.4, NORTHERN, "DKK", "da_DK", "Europe/Copenhagen", 0.72, 8, 14),
    Country("NO", 1.3, NORTHERN, "NOK", "nb_NO", "Europe/Oslo", 0.58, 9, 14),
    Country("IE", 1.0, WESTERN, "EUR", "en_IE", "Europe/Dublin", 0.33, 25, 30),
    Country("CN", 1.8, ASIA_PACIFIC, "CNY", "zh_CN", "Asia/Shanghai", 0.35, 28, 60),
    Country("KR", 1.4, ASIA_PACIFIC, "KRW", "ko_KR", "Asia/Seoul", 0.60, 12, 30),
    Country("IN", 1.5, ASIA_PACIFIC, "INR", "en_IN", "Asia/Kolkata", 0.40, 25, 60),
    Country("MX", 1.2, LATIN_AMERICA, "MXN", "es_MX", "America/Mexico_City", 0.45, 18, 30),
    Country("SG", 0.9, ASIA_PACIFIC, "SGD", "en_SG", "Asia/Singapore", 0.48, 18, 30),
    Country("NZ", 0.7, ASIA_PACIFIC, "NZD", "en_NZ", "Pacific/Auckland", 0.55, 12, 30, hemisphere="south"),
    Country("CZ", 1.2, EASTERN, "CZK", "cs_CZ", "Europe/Prague", 0.60, 12, 14),
    Country("HU", 0.9, EASTERN, "HUF", "hu_HU", "Europe/Budapest", 0.60, 14, 14),
    Country("PT", 0.9, SOUTHERN, "EUR", "pt_PT", "Europe/Lisbon", 0.142, 22, 60),
    Country("GR", 0.7, SOUTHERN, "EUR", "el_GR", "Europe/Athens", 0.24, 30, 60),
    Country("TR", 0.9, MIDDLE_EAST_AFRICA, "TRY", "tr_TR", "Europe/Istanbul", 0.45, 25, 60),
    Country("ZA", 0.7, MIDDLE_EAST_AFRICA, "ZAR", "en_ZA", "Africa/Johannesburg", 0.45, 18, 30, hemisphere="south"),
    Country("AE", 0.9, MIDDLE_EAST_AFRICA, "AED", "en_AE", "Asia/Dubai", 0.35, 27, 60),
    Country("LU", 0.5, WESTERN, "EUR", "fr_LU", "Europe/Luxembourg", 0.48, 15, 30),
    Country("SK", 0.6, EASTERN, "EUR", "sk_SK", "Europe/Bratislava", 0.55, 14, 14),
    Country("EE", 0.4, NORTHERN, "EUR", "et_EE", "Europe/Tallinn", 0.65, 9, 14),
    Country("CL", 0.6, LATIN_AMERICA, "CLP", "es_CL", "America/Santiago", 0.50, 18, 30, hemisphere="south"),
    Country("CO", 0.5, LATIN_AMERICA, "COP", "es_CO", "America/Bogota", 0.50, 20, 30),
    Country("TH", 0.6, ASIA_PACIFIC, "THB", "th_TH", "Asia/Bangkok", 0.50, 15, 30),
)


def countries_of(scenario: Scenario) -> tuple[Country, ...]:
    """The scenario's countries, home first. Raises ScenarioError when it wants more than there are."""
    wanted = scenario.sales.countries
    if wanted > len(COUNTRIES):
        raise ScenarioError(f"sales.countries = {wanted}, but only {len(COUNTRIES)} countries are described; choose fewer")
    return COUNTRIES[:wanted]


@cache
def markets_of(scenario: Scenario) -> tuple[Market, ...]:
    """The scenario's markets, in order of their first country."""
    names = {country.market: "Euro area" if country.market == "EZ" else country.name for country in countries_of(scenario)}
    currencies = {country.market: country.currency for country in countries_of(scenario)}
    return tuple(Market(code, name, currencies[code]) for code, name in names.items())


@cache
def currencies_of(scenario: Scenario) -> tuple[Currency, ...]:
    """The scenario's currencies, the euro first: it is the company's own, even where no country invoices in it."""
    codes = dict.fromkeys(["EUR", *(country.currency for country in countries_of(scenario))])
    return tuple(Currency(code, get_currency_name(code, locale="en"), get_currency_precision(code)) for code in codes)
