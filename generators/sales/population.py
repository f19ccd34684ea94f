"""The customers as the plan knows them: who they are, since when, how much and how well they buy and pay.

Customers are numbered in order of acquisition, and every latent property is drawn in that order from its own stream, so a
longer horizon appends customers without changing the earlier ones.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache

import numpy as np
from numpy.typing import NDArray

from generators.engine.plan import apportion, exact_counts
from generators.engine.streams import stream
from generators.sales.choices import choice, chosen
from generators.sales.countries import countries_of
from generators.sales.demand import intensity
from generators.sales.effects import ACCOUNT, CUSTOMER_TYPES, PERSON
from generators.sales.horizon import NEVER, horizon_of
from generators.sales.identifiers import scrambled
from generators.scenario import Scenario, ScenarioError

PERSON_SHARE = 0.85
FIRST_CUSTOMER_ID = 100_000
GROWTH_ROOM = 16  # numbers for so many times the customers of the preset
BASE_YEARS = 3  # customers of the first day were won in the years before

# Set so that at `medium` 63 % of new accounts order again within a year (fact 12: 65.6 %), 53 % of new persons do not within 39
# weeks (fact 13: 59.9 %), and the top 20, 5 and 1 % of accounts make 80, 51 and 29 % of their revenue (fact 16: 74.6, 50.4,
# 32.0 %).
RATE_SHAPE = {PERSON: 0.30, ACCOUNT: 0.40}  # of the gamma distribution of order rates: small is unequal
MEAN_LIFE_YEARS = {PERSON: 1.3, ACCOUNT: 4.5}

EXTRA_LINES = {PERSON: 0.6, ACCOUNT: 4.9}  # mean lines beyond the first
EXTRA_LINES_SIGMA = 0.5
VOLUME_SIGMA = 0.6  # of the logarithm of an account's usual quantities; with more, five years leave the band of fact 33

# Share of accounts with each contract discount, in per cent.
CONTRACT_DISCOUNTS = ((0, 0.42), (3, 0.20), (5, 0.18), (8, 0.10), (10, 0.06), (15, 0.04))
MEMBER_SHARE, MEMBER_DISCOUNT = 0.18, 10  # of persons are in the club and get so many per cent off what is not in a promotion

# The largest accounts are chains: customers at home from the beginning, who order daily and in large quantities. The largest of
# a wholesaler's made 3.1 % and the ten largest 17.3 % of its revenue (fact 16), as when revenue falls with rank to this power.
CHAINS, CHAIN_RANK_POWER = 10, 0.42
CHAIN_ORDER_SHARE = 0.0044  # of the order rate of all accounts, the largest chain's
CHAIN_VOLUME, CHAIN_DISCOUNT = 6.0, 15

DIRECT_DEBIT_SHARE = 0.10  # of accounts
USUAL_TERMS_SHARE, SHORT_TERMS_DAYS = 0.75, 30  # of accounts have their country's terms; the others these
PROMPTNESS_SIGMA = 0.8  # of the logit of an account's share of invoices paid in time
LATER_WITH_VOLUME = 0.24  # larger firms pay later in 15 of 20 states (fact 39): less of the logit by unit of log volume
EXTRA_ADDRESSES = (0.45, 0.30, 0.15, 0.10)  # share of accounts with none to three shipping addresses


@dataclass(frozen=True)
class Population:
    """Latent properties by customer, in order of acquisition; days are day numbers of the horizon.

    What is small has 32 bits, since every worker holds all customers: turn what you take into 64 before you multiply it.
    """

    country: NDArray[np.int32]
    kind: NDArray[np.int32]
    acquired_day: NDArray[np.int32]
    churn_day: NDArray[np.int32]
    rate: NDArray[np.int64]  # relative order rate, a whole number
    extra_lines: NDArray[np.float64]
    volume: NDArray[np.float64]
    discount_percent: NDArray[np.int32]
    payment_terms_days: NDArray[np.int32]
    promptness: NDArray[np.float64]  # added to the logit of the country's prompt share
    has_direct_debit: NDArray[np.bool_]
    extra_addresses: NDArray[np.int32]

    @property
    def cell(self) -> NDArray[np.int64]:
        """Country and type in one number."""
        return self.country.astype(np.int64) * len(CUSTOMER_TYPES) + self.kind


@cache
def cell_sizes(scenario: Scenario) -> NDArray[np.int64]:
    """Customers by country and type at the end of the preset. Raises ScenarioError when they are too few."""
    countries, total = countries_of(scenario), scenario.sales.customers
    if total < 4 * len(countries):
        raise ScenarioError(f"sales.customers = {total}, but {len(countries)} countries need at least {4 * len(countries)}")
    weights = np.array([country.weight for country in countries])
    shares = np.outer(weights, [PERSON_SHARE, 1 - PERSON_SHARE]).ravel()
    return apportion(shares, total, minimum=2).reshape(len(countries), 2)


@cache
def population_of(scenario: Scenario) -> Population:
    """All customers of the scenario."""
    cell, acquired = _acquisitions(scenario)
    country, kind = np.divmod(cell, len(CUSTOMER_TYPES))
    count = len(cell)

    def draws(purpose: str) -> np.random.Generator:
        return stream(scenario.seed, "crm.customers", purpose)

    chains = np.flatnonzero(cell == ACCOUNT)[:CHAINS]  # the home country is number 0
    rate = draws("rate").standard_gamma(_by_kind(RATE_SHAPE, kind))
    rate[chains] = _chain_rates(scenario)[: len(chains)]
    volume = _scattered(draws("volume"), VOLUME_SIGMA, count)
    volume[chains] = CHAIN_VOLUME
    extra_lines = _by_kind(EXTRA_LINES, kind) * _scattered(draws("extra_lines"), EXTRA_LINES_SIGMA, count)
    extra_lines[chains] = EXTRA_LINES[ACCOUNT]
    return Population(
        country=_small(country),
        kind=_small(kind),
        acquired_day=_small(acquired),
        churn_day=_small(_churn_days(draws("life"), cell, acquired, chains)),
        rate=1 + np.rint(rate * 1_000_000).astype(np.int64),
        extra_lines=np.round(extra_lines, 9),
        volume=np.where(kind == ACCOUNT, np.round(volume, 9), 1.0),
        discount_percent=_small(_discounts(draws("discount"), kind, chains)),
        payment_terms_days=_small(_terms(scenario, draws("terms"), country, kind)),
        promptness=PROMPTNESS_SIGMA * draws("promptness").standard_normal(count) - LATER_WITH_VOLUME * np.log(volume),
        has_direct_debit=(kind == ACCOUNT) & (draws("method").random(count) < DIRECT_DEBIT_SHARE),
        extra_addresses=_small(np.where(kind == ACCOUNT, choice(EXTRA_ADDRESSES, draws("addresses").random(count)), 0)),
    )


def customer_ids(scenario: Scenario, customers: NDArray[np.int64]) -> NDArray[np.int64]:
    """The numbers under which customers, given by their place in the population, are known."""
    bits = max(8, int(GROWTH_ROOM * scenario.sales.customers).bit_length())
    return FIRST_CUSTOMER_ID + scrambled(customers, bits, scenario.seed, "customers")


def _small(values: NDArray[np.int64]) -> NDArray[np.int32]:
    return values.astype(np.int32)


def _scattered(draws: np.random.Generator, sigma: float, count: int) -> NDArray[np.float64]:
    """Log-normal factors with mean 1."""
    return np.asarray(np.exp(sigma * draws.standard_normal(count) - sigma**2 / 2))


def _churn_days(
    draws: np.random.Generator, cell: NDArray[np.int64], acquired: NDArray[np.int64], chains: NDArray[np.int64]
) -> NDArray[np.int64]:
    life = draws.standard_exponential(len(cell)) * _by_kind(MEAN_LIFE_YEARS, cell % len(CUSTOMER_TYPES)) * 365
    churn = np.maximum(acquired, 0) + 1 + life.astype(np.int64)
    churn[np.unique(cell, return_index=True)[1]] = NEVER  # somebody can always order
    churn[chains] = NEVER
    return churn


def _discounts(draws: np.random.Generator, kind: NDArray[np.int64], chains: NDArray[np.int64]) -> NDArray[np.int64]:
    uniform = draws.random(len(kind))
    contract, member = chosen(CONTRACT_DISCOUNTS, uniform), np.where(uniform < MEMBER_SHARE, MEMBER_DISCOUNT, 0)
    contract[chains] = CHAIN_DISCOUNT
    return np.where(kind == ACCOUNT, contract, member)


def _terms(
    scenario: Scenario, draws: np.random.Generator, country: NDArray[np.int64], kind: NDArray[np.int64]
) -> NDArray[np.int64]:
    usual = np.array([land.terms_days for land in countries_of(scenario)])[country]
    return np.where(kind == ACCOUNT, np.where(draws.random(len(kind)) < USUAL_TERMS_SHARE, usual, SHORT_TERMS_DAYS), 0)


def _chain_rates(scenario: Scenario) -> NDArray[np.float64]:
    """Order rates of the chains by rank, in proportion to those of all accounts that the preset will have won."""
    weights = np.array([country.weight for country in countries_of(scenario)])
    home_accounts = cell_sizes(scenario)[0, ACCOUNT]
    of_all = RATE_SHAPE[ACCOUNT] * home_accounts * weights.sum() / weights[0]
    return np.asarray(CHAIN_ORDER_SHARE * of_all * np.arange(1, CHAINS + 1) ** -CHAIN_RANK_POWER)


def _acquisitions(scenario: Scenario) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Cell and day of acquisition of every customer, in order of the day."""
    base, won = _won(scenario)
    days = np.arange(won.shape[1])
    before = stream(scenario.seed, "crm.customers", "acquired_before")
    cells: list[NDArray[np.int64]] = []
    acquired: list[NDArray[np.int64]] = []
    for cell, (old_count, new_counts) in enumerate(zip(base.tolist(), won, strict=True)):
        old = -1 - (before.random(old_count) * BASE_YEARS * 365).astype(np.int64)
        new = np.repeat(days, new_counts)
        acquired += [old, new]
        cells.append(np.full(len(old) + len(new), cell))
    day, cell_numbers = np.concatenate(acquired), np.concatenate(cells)
    order = np.lexsort((cell_numbers, day))
    return cell_numbers[order], day[order]


@cache
def _won(scenario: Scenario) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """By cell, the customers who were there before the first day of sales, and those won on each planned day.

    The longer the horizon, the fewer were there before; the others come in proportion to their cell's demand.
    """
    horizon, sizes = horizon_of(scenario), cell_sizes(scenario).ravel()
    base_share = 1 / (1 + 0.9 * scenario.sales.years)
    base = np.array([max(1, round(base_share * size)) for size in sizes.tolist()])
    demand = intensity(scenario).reshape(len(sizes), -1)
    rest = (sizes - base).tolist()
    won = [exact_counts(of_cell, size, through=horizon.scale_days) for of_cell, size in zip(demand, rest, strict=True)]
    return base, np.stack(won)


def customer_count(scenario: Scenario, days: int | None = None) -> int:
    """How many customers there are before the end of so many days, or of all that are planned; draws none of them."""
    base, won = _won(scenario)
    return int(base.sum() + won[:, :days].sum())


def _by_kind(values: dict[int, float], kind: NDArray[np.int64]) -> NDArray[np.float64]:
    return np.array([values[PERSON], values[ACCOUNT]])[kind]
