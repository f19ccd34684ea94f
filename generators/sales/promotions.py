"""Promotions: what is reduced for persons, where and when, and how much more often it is picked for it.

Each market has two seasonal sales, a week around Black Friday, two weeks of every category and a clearance every quarter, so
that a fifth of persons' lines are reduced; members' prices, which belong to the customer, make it more than a third. The true
lift of a product is its price factor to the power of its elasticity; it moves purchases between products, not the number of
orders.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from functools import cache

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from generators.engine.columns import rows_of
from generators.engine.plan import Chunk, Family, Part
from generators.engine.streams import stream, uniform_at
from generators.sales.countries import markets_of
from generators.sales.effects import black_friday
from generators.sales.horizon import horizon_of
from generators.sales.labels import labelled
from generators.sales.moments import dates
from generators.sales.products import categories, range_of
from generators.scenario import Scenario

TYPES = ("seasonal_sale", "category_week", "black_week", "clearance")
SEASONAL_SALE, CATEGORY_WEEK, BLACK_WEEK, CLEARANCE = range(4)
NAMES = {SEASONAL_SALE: ("Winter sale", "Summer sale"), BLACK_WEEK: ("Black week",), CLEARANCE: ("Clearance",)}
PLANNED_DAYS = 21  # ahead
SALE_DAYS, SALE_SHARE = 35, 0.60  # of categories
BLACK_WEEK_SHARE = 0.60  # of products
CATEGORY_WEEKS = 2  # a year, of each category
LAST_CHANCE_DAYS = 90  # before it is withdrawn, a product is in the clearance

# Elasticities of sales to a temporary price cut scatter around −2.6 in meta-analyses; here, where a purchase moves between
# products of one shop, they are uniform between these.
ELASTICITIES = (-3.0, -1.4)
LARGEST_LIFT = 2.5


@dataclass(frozen=True)
class Promotion:
    """One promotion; days are day numbers, both included. `products` are product numbers."""

    year: int
    promotion_id: int
    kind: int
    name: str
    market: int
    discount_percent: int
    first_day: int
    last_day: int
    products: NDArray[np.int32]


@cache
def price_elasticity(scenario: Scenario) -> NDArray[np.float64]:
    """Elasticity of demand with respect to a promotion's price, by product."""
    numbers = np.arange(len(range_of(scenario).category))
    low, high = ELASTICITIES
    return low + (high - low) * uniform_at(scenario.seed, "mkt.promotions", "elasticity", numbers)


def lifts(scenario: Scenario, promotion: Promotion) -> NDArray[np.float64]:
    """Factor on how often each of the promotion's products is picked."""
    price = 1 - promotion.discount_percent / 100
    return np.minimum(price ** price_elasticity(scenario)[promotion.products], LARGEST_LIFT)


@cache
def promotions_of(scenario: Scenario) -> tuple[Promotion, ...]:
    """All promotions that begin on a planned day, in order of year, market and first day; none when switched off."""
    if "promotion" in scenario.without:
        return ()
    found = [
        promotion
        for year in horizon_of(scenario).years
        for market in range(len(markets_of(scenario)))
        for promotion in _of_year(scenario, year, market)
    ]
    return tuple(promotion for promotion in found if promotion.first_day < horizon_of(scenario).day_count)


def _of_year(scenario: Scenario, year: int, market: int) -> list[Promotion]:
    first = horizon_of(scenario).first
    draws = stream(scenario.seed, "mkt.promotions", "plan", f"{year}-{markets_of(scenario)[market].code}")
    new_year = (date(year, 1, 1) - first).days
    friday = (black_friday(year) - first).days
    plans: list[tuple[int, str, int, int, int, NDArray[np.int64]]] = []
    for name, start in zip(NAMES[SEASONAL_SALE], (new_year + 5, new_year + 180), strict=True):
        start += int(draws.integers(0, 8))
        depth = 5 * int(draws.integers(4, 8))
        plans.append((SEASONAL_SALE, name, depth, start, start + SALE_DAYS - 1, _of_categories(scenario, draws, SALE_SHARE)))
    depth = 5 * int(draws.integers(4, 7))
    plans.append((BLACK_WEEK, "Black week", depth, friday - 4, friday + 3, _some(scenario, draws, BLACK_WEEK_SHARE)))
    for chosen, turn in np.ndindex(len(categories()), CATEGORY_WEEKS):
        start = new_year + 14 + 350 // CATEGORY_WEEKS * turn + int(draws.integers(0, 160))
        mine = np.flatnonzero(range_of(scenario).category == chosen)
        depth = 5 * int(draws.integers(2, 5))
        plans.append((CATEGORY_WEEK, f"{categories()[chosen][1].name} week", depth, start, start + 6, mine))
    for quarter in range(4):
        start = new_year + 91 * quarter + 20
        leaving = range_of(scenario).withdrawal_day
        mine = np.flatnonzero((leaving > start) & (leaving <= start + LAST_CHANCE_DAYS))
        plans.append((CLEARANCE, "Clearance", 40, start, start + 29, mine))
    plans.sort(key=lambda plan: plan[3])
    number = (year * 100 + market) * 100  # room for 99 in a year of a market; there are 75 at most
    return [
        Promotion(year, number + place, kind, name, market, depth, start, end, products.astype(np.int32))
        for place, (kind, name, depth, start, end, products) in enumerate(plans, start=1)
        if len(products)
    ]


def _of_categories(scenario: Scenario, draws: np.random.Generator, share: float) -> NDArray[np.int64]:
    taken = draws.random(len(categories())) < share
    return np.flatnonzero(taken[range_of(scenario).category])


def _some(scenario: Scenario, draws: np.random.Generator, share: float) -> NDArray[np.int64]:
    return np.flatnonzero(draws.random(len(range_of(scenario).category)) < share)


@cache
def discount_percents(scenario: Scenario) -> NDArray[np.int64]:
    """The discount of each of `promotions_of`; one more entry, place −1, for no promotion."""
    return np.array([promotion.discount_percent for promotion in promotions_of(scenario)] + [0])


def reductions(scenario: Scenario, first_day: int, end_day: int) -> NDArray[np.int32]:
    """By market, product and day of [first_day, end_day): the deepest promotion, as a place in `promotions_of`, or −1."""
    promotions = promotions_of(scenario)
    shape = (len(markets_of(scenario)), len(range_of(scenario).category), end_day - first_day)
    best = np.full(shape, -1, dtype=np.int32)
    on = [
        place for place, promotion in enumerate(promotions) if promotion.first_day < end_day and promotion.last_day >= first_day
    ]
    for place in sorted(on, key=lambda place: promotions[place].discount_percent):
        promotion = promotions[place]
        days = slice(max(promotion.first_day - first_day, 0), promotion.last_day + 1 - first_day)
        best[promotion.market, promotion.products, days] = place
    return best


def _parts(scenario: Scenario) -> list[Part]:
    rows = len(markets_of(scenario)) * 4 * len(range_of(scenario).category)
    return [Part("promotions", str(year), rows) for year in horizon_of(scenario).years]


def _generate(scenario: Scenario, part: Part) -> Iterator[Chunk]:
    """The promotions of a year's plan."""
    promotions = [promotion for promotion in promotions_of(scenario) if promotion.year == int(part.key)]
    first_day = np.array([promotion.first_day for promotion in promotions], dtype=np.int64)
    planned_on = dates(scenario, first_day) - PLANNED_DAYS
    path = f"part-{part.key}.parquet"
    yield Chunk("mkt.promotions", path, _promotion_rows(scenario, promotions, planned_on), planned_on)
    sizes = [len(promotion.products) for promotion in promotions]
    products = np.concatenate([promotion.products for promotion in promotions]) if promotions else np.zeros(0, dtype=np.int64)
    planned = np.repeat(planned_on, sizes)
    rows = rows_of(
        "mkt.promotion_products",
        {
            "promotion_id": np.repeat(np.array([promotion.promotion_id for promotion in promotions], dtype=np.int64), sizes),
            "product_id": range_of(scenario).product_ids.take(pa.array(products)),
            "created_at": planned,
            "updated_at": planned,
        },
    )
    entered = np.maximum(planned, dates(scenario, range_of(scenario).launch_day[products]))
    yield Chunk("mkt.promotion_products", path, rows, entered)
    events = _event_rows(scenario, promotions)
    yield Chunk("truth.business_events", f"part-promotions-{part.key}.parquet", events, dates(scenario, first_day))


def _promotion_rows(scenario: Scenario, promotions: list[Promotion], planned_on: NDArray[np.datetime64]) -> pa.Table:
    return rows_of(
        "mkt.promotions",
        {
            "promotion_id": [promotion.promotion_id for promotion in promotions],
            "promotion_name": [promotion.name for promotion in promotions],
            "promotion_type": [TYPES[promotion.kind] for promotion in promotions],
            "market_code": _markets(scenario, promotions),
            "discount_rate": np.array([promotion.discount_percent * 10_000 for promotion in promotions], dtype=np.int64),
            "starts_on": dates(scenario, np.array([promotion.first_day for promotion in promotions], dtype=np.int64)),
            "ends_on": dates(scenario, np.array([promotion.last_day for promotion in promotions], dtype=np.int64)),
            "created_at": planned_on,
            "updated_at": planned_on,
        },
    )


def _markets(scenario: Scenario, promotions: list[Promotion]) -> pa.Array:
    numbers = np.array([promotion.market for promotion in promotions], dtype=np.int64)
    return labelled([market.code for market in markets_of(scenario)], numbers)


def _event_rows(scenario: Scenario, promotions: list[Promotion]) -> pa.Table:
    first_day = dates(scenario, np.array([promotion.first_day for promotion in promotions], dtype=np.int64))
    effects = [round(float(lifts(scenario, promotion).mean()) * 1_000_000) for promotion in promotions]
    return rows_of(
        "truth.business_events",
        {
            "event_id": [f"promotion-{promotion.promotion_id}" for promotion in promotions],
            "event_type": ["promotion"] * len(promotions),
            "scope_kind": ["market"] * len(promotions),
            "scope_value": _markets(scenario, promotions),
            "starts_on": first_day,
            "ends_on": dates(scenario, np.array([promotion.last_day for promotion in promotions], dtype=np.int64)),
            "true_effect": np.array(effects, dtype=np.int64),
            "created_at": first_day,
            "updated_at": first_day,
        },
    )


FAMILY: Family[Scenario] = Family(
    "promotions", ("mkt.promotions", "mkt.promotion_products", "truth.business_events"), _parts, _generate
)
