"""How many orders there are, when and from whom: one intensity by country, customer type and day, and exact counts from it.

Every month's total is its share of the cumulative intensity, exact at the horizon; within the month the orders are a
multinomial sample of the intensity. A month depends on its own total alone, so months can be made in any order, and a
longer horizon leaves the old ones as they are.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache, lru_cache
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from generators.engine.plan import exact_counts
from generators.engine.streams import stream
from generators.sales.countries import countries_of
from generators.sales.effects import ACCOUNT, CUSTOMER_TYPES, EFFECTS, PERSON, effect_factors
from generators.sales.horizon import horizon_of
from generators.scenario import Scenario

# With 1.6 lines per person's order and 5.7 per account's, this share gives the 2.6 lines of the row ratios (facts, part 3).
ORDER_SHARES = {PERSON: 0.74, ACCOUNT: 0.26}

ORDERS_PER_BLOCK = 30_000


@dataclass(frozen=True)
class Block:
    """Whole days [first_day, end_day) of one month whose orders one part makes."""

    month: int
    shard: int
    first_day: int
    end_day: int


def cell_weights(scenario: Scenario) -> NDArray[np.float64]:
    """Relative demand by country and customer type, before any effect."""
    countries = np.array([country.weight for country in countries_of(scenario)])
    kinds = np.array([ORDER_SHARES[kind] for kind in range(len(CUSTOMER_TYPES))])
    return np.asarray(countries[:, None] * kinds[None, :])


@cache
def intensity(scenario: Scenario) -> NDArray[np.float64]:
    """Relative demand by country, customer type and day: the base and all effects multiplied, rounded to 12 digits."""
    product = np.broadcast_to(cell_weights(scenario)[:, :, None], effect_factors(scenario, "weekday").shape)
    for effect in EFFECTS:
        product = product * effect_factors(scenario, effect)
    return np.asarray(np.round(product, 12))


@cache
def month_totals(scenario: Scenario) -> NDArray[np.int64]:
    """Orders by planned month; they sum up to exactly `sales.orders` over the months of the preset."""
    by_month = np.zeros(horizon_of(scenario).month_count)
    np.add.at(by_month, horizon_of(scenario).month_of_day, intensity(scenario).sum(axis=(0, 1)))
    return exact_counts(by_month, scenario.sales.orders, through=horizon_of(scenario).scale_months)


@cache
def expected_orders(scenario: Scenario) -> NDArray[np.float64]:
    """Orders that the plan expects, by country, customer type and day: the intensity at the scale of its month's total."""
    months = horizon_of(scenario).month_of_day
    by_day = intensity(scenario)
    by_month = np.bincount(months, weights=by_day.sum(axis=(0, 1)))
    return np.asarray(by_day * (month_totals(scenario) / by_month)[months])


@lru_cache(maxsize=4)
def month_counts(scenario: Scenario, month: int) -> NDArray[np.int64]:
    """Orders by day of the month, country and customer type."""
    days = np.flatnonzero(horizon_of(scenario).month_of_day == month)
    shares = np.moveaxis(intensity(scenario)[:, :, days], 2, 0)
    draws = stream(scenario.seed, "oms.orders", "counts", f"month-{month:03}")
    counts = draws.multinomial(month_totals(scenario)[month], (shares / shares.sum()).ravel())
    return np.asarray(counts.reshape(shares.shape), dtype=np.int64)


@cache
def blocks(scenario: Scenario) -> tuple[Block, ...]:
    """The blocks of days that parts are made of: whole months, cut where one has many more than ORDERS_PER_BLOCK orders."""
    cut: list[Block] = []
    months = horizon_of(scenario).month_of_day
    expected = expected_orders(scenario).sum(axis=(0, 1))
    for month, total in enumerate(month_totals(scenario)):
        days = np.flatnonzero(months == month)
        shards = max(1, round(int(total) / ORDERS_PER_BLOCK))
        share = np.cumsum(expected[days]) / expected[days].sum()
        edges = np.searchsorted(share, np.arange(1, shards) / shards)
        bounds = [days[0], *(days[0] + edges), days[-1] + 1]
        pairs = [(int(low), int(high)) for low, high in pairwise(bounds) if low < high]
        cut += [Block(month, shard, low, high) for shard, (low, high) in enumerate(pairs)]
    return tuple(cut)


def block_counts(scenario: Scenario, block: Block) -> NDArray[np.int64]:
    """Orders by day of the block, country and customer type."""
    first = int(np.searchsorted(horizon_of(scenario).month_of_day, block.month))
    return month_counts(scenario, block.month)[block.first_day - first : block.end_day - first]


def orders_before(scenario: Scenario, block: Block) -> int:
    """Orders on all days before the block."""
    first = int(np.searchsorted(horizon_of(scenario).month_of_day, block.month))
    earlier_days = month_counts(scenario, block.month)[: block.first_day - first]
    return int(month_totals(scenario)[: block.month].sum() + earlier_days.sum())
