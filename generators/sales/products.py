"""The range: what is sold, since when and until when, and how often it is picked.

Revenue follows a rank-size law: the revenue of the product at rank r of n is the log-normal quantile at 1 − (r − ½)/n. With
sigma 1.6 the top 20 % make 78 % and the top 1 % a quarter, near the 79.5 % and 21.4 % of fact 17; a pure Zipf law that
reaches the former makes the latter twice too large.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache, lru_cache
from statistics import NormalDist

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from generators.engine.columns import rows_of
from generators.engine.plan import Chunk, Family, Part, apportion
from generators.engine.streams import stream
from generators.sales.effects import ACCOUNT, PERSON
from generators.sales.horizon import NEVER, horizon_of
from generators.sales.taxes import TAX_CLASSES
from generators.sales.vocabulary import DEPARTMENTS, PEAK_FACTOR, PEAK_MONTHS, Category, Department
from generators.scenario import Scenario, ScenarioError

HEMISPHERES = ("north", "south")

REVENUE_SIGMA = 1.55
PRICE_AVERSION = 0.6  # orders fall with price to this power, so that revenue does not concentrate on the dearest
OLD_SHARE = 0.72  # of the range is launched before the first day of sales, in OLD_YEARS
OLD_YEARS = 5
MEAN_LIFE_YEARS = 6.0
SHORTEST_LIFE_DAYS = 200
ENTERED_DAYS = 30  # before the launch
DRIFT_PERSISTENCE, DRIFT_STEP = 0.92, 0.16  # of the logarithm of a product's popularity, by month

# Units in a trade pack by list price in euro: the lumps of fact 24 are 12, 6, 24, 4 and 2.
PACKS = ((8.0, (6, 10, 12, 24)), (30.0, (6, 12, 12)), (70.0, (2, 4, 6)), (250.0, (1, 2)), (float("inf"), (1,)))

# Share of a department's lines that persons send back, as published for online shops: apparel first, then electronics,
# furniture and home (fact 32). Within it the rate grows with the price to the power, so that a twelfth of persons' lines are a
# sixth of their value (facts 30 and 31). Together with the accounts 9 of 100 orders see a return (facts, part 3).
RETURN_PRICE_POWER, HIGHEST_RETURN_RATE = 0.75, 0.8
RETURN_RATES = {
    "Clothing": 0.40,
    "Electronics": 0.14,
    "Sport and outdoor": 0.16,
    "Furniture and lighting": 0.10,
    "Toys and games": 0.10,
    "Home and kitchen": 0.095,
    "Garden and tools": 0.09,
    "Office and school": 0.05,
    "Books and maps": 0.04,
    "Food and drink": 0.015,
}


@dataclass(frozen=True)
class Range:
    """Latent properties of all products, by product number; days are day numbers of the horizon."""

    category: NDArray[np.int64]
    tax_class: NDArray[np.int64]
    price_cents: NDArray[np.int64]  # euro hundredths, before markets and inflation
    pack_size: NDArray[np.int64]
    popularity: NDArray[np.float64]
    launch_day: NDArray[np.int64]
    withdrawal_day: NDArray[np.int64]
    return_rate: NDArray[np.float64]  # of a person's line that was delivered
    product_ids: pa.DictionaryArray


def categories() -> list[tuple[Department, Category]]:
    """All categories with their departments, in order."""
    return [(department, category) for department in DEPARTMENTS for category in department.categories]


@cache
def range_of(scenario: Scenario) -> Range:
    """The products of a scenario. Raises ScenarioError when there are fewer than categories."""
    count, kinds = scenario.sales.products, categories()
    if count < len(kinds):
        raise ScenarioError(f"sales.products = {count}, but there are {len(kinds)} categories; each needs a product")
    sizes = apportion(np.array([category.share for _, category in kinds]), count, minimum=1)
    category = np.repeat(np.arange(len(kinds)), sizes)
    draws = {purpose: stream(scenario.seed, "pim.products", purpose) for purpose in ("price", "pack", "rank", "life")}
    median = np.array([kind.price for _, kind in kinds])[category]
    spread = np.array([kind.spread for _, kind in kinds])[category]
    cents = np.rint(100 * median * np.exp(spread * draws["price"].standard_normal(count))).astype(np.int64)
    rank = draws["rank"].permutation(count)
    by_rank = np.array([NormalDist(sigma=REVENUE_SIGMA).inv_cdf(1 - (place + 0.5) / count) for place in range(count)])
    founding = np.concatenate([[True], category[1:] != category[:-1]])  # one product of each category is always on sale
    launch, withdrawal = _lives(scenario, founding, draws["life"])
    popularity = np.exp(by_rank[rank]) / (cents / 2_000) ** PRICE_AVERSION
    prefixes = [department.prefix for department, _ in kinds]
    return Range(
        category=category,
        tax_class=np.array([TAX_CLASSES.index(department.tax_class) for department, _ in kinds])[category],
        price_cents=np.maximum(cents, 99),
        pack_size=_pack_sizes(cents, draws["pack"]),
        popularity=popularity,
        launch_day=launch,
        withdrawal_day=withdrawal,
        return_rate=_return_rates(cents, category, popularity),
        product_ids=pa.array(
            [f"{prefixes[kind]}-{number:06}" for number, kind in enumerate(category, start=1001)]
        ).dictionary_encode(),
    )


def _return_rates(
    cents: NDArray[np.int64], category: NDArray[np.int64], popularity: NDArray[np.float64]
) -> NDArray[np.float64]:
    names = np.array([department.name for department, _ in categories()])[category]
    rates = cents**RETURN_PRICE_POWER
    for name, of_lines in RETURN_RATES.items():
        mine = names == name
        rates[mine] *= of_lines / np.average(rates[mine], weights=popularity[mine])
    return np.minimum(np.round(rates, 9), HIGHEST_RETURN_RATE)


def _lives(
    scenario: Scenario, founding: NDArray[np.bool_], draws: np.random.Generator
) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    count = len(founding)
    old = (draws.random(count) < OLD_SHARE) | founding
    before = -1 - (draws.random(count) * OLD_YEARS * 365).astype(np.int64)
    during = (draws.random(count) * horizon_of(scenario).scale_days).astype(np.int64)
    launch = np.where(old, before, during)
    life = SHORTEST_LIFE_DAYS + (draws.standard_exponential(count) * MEAN_LIFE_YEARS * 365).astype(np.int64)
    return launch, np.where(founding, NEVER, np.maximum(launch, 0) + life)


def _pack_sizes(cents: NDArray[np.int64], draws: np.random.Generator) -> NDArray[np.int64]:
    choice = draws.random(len(cents))
    packs = np.ones(len(cents), dtype=np.int64)
    lower = 0.0
    for upper, sizes in PACKS:
        inside = (cents >= 100 * lower) & (cents < 100 * upper)
        packs[inside] = np.array(sizes)[(choice[inside] * len(sizes)).astype(np.int64)]
        lower = upper
    return packs


@cache
def _drift(scenario: Scenario) -> NDArray[np.float64]:
    """Logarithm of the change of popularity, by month and product."""
    draws = stream(scenario.seed, "pim.products", "drift")
    steps = DRIFT_STEP * draws.standard_normal((horizon_of(scenario).month_count, scenario.sales.products))
    drift = np.zeros_like(steps)
    for month in range(1, len(steps)):
        drift[month] = DRIFT_PERSISTENCE * drift[month - 1] + steps[month]
    return drift


@lru_cache(maxsize=8)
def pick_weights(scenario: Scenario, month: int, kind: int, hemisphere: str) -> NDArray[np.int64]:
    """How often each product is picked in a month, as whole numbers; 0 for what is not on sale on any day of it."""
    products, horizon = range_of(scenario), horizon_of(scenario)
    days = np.flatnonzero(horizon.month_of_day == month)
    on_sale = (products.launch_day <= days[-1]) & (products.withdrawal_day > days[0])
    weights = products.popularity * np.exp(_drift(scenario)[month])
    calendar_month = month % 12 + 1
    factors = [_category_factor(category, calendar_month, kind, hemisphere) for _, category in categories()]
    weights = weights * np.array(factors)[products.category]
    return np.where(on_sale, np.rint(weights * 1_000_000).astype(np.int64) + 1, 0)


def _category_factor(category: Category, calendar_month: int, kind: int, hemisphere: str) -> float:
    seasonal = category.peak in ("summer", "winter")
    local_month = (calendar_month + 5) % 12 + 1 if hemisphere == "south" and seasonal else calendar_month
    peak = PEAK_FACTOR if local_month in PEAK_MONTHS[category.peak] else 1.0
    affinity = {PERSON: 1.0, ACCOUNT: category.account}[kind]
    return peak * affinity


def _one_part(scenario: Scenario) -> list[Part]:
    return [Part("products", "all", len(range_of(scenario).category))]


def _generate(scenario: Scenario, _: Part) -> Iterator[Chunk]:
    yield Chunk("pim.product_categories", "part-000.parquet", _category_rows(scenario))
    products, horizon = range_of(scenario), horizon_of(scenario)
    entered_on = horizon.start + products.launch_day - ENTERED_DAYS
    yield Chunk("pim.products", "part-000.parquet", _product_rows(scenario), entered_on)
    withdrawn = np.flatnonzero(products.withdrawal_day < horizon.day_count)
    withdrawn_on = horizon.start + products.withdrawal_day[withdrawn]
    rows = _withdrawal_rows(scenario, withdrawn, withdrawn_on)
    yield Chunk("pim.product_withdrawals", "part-000.parquet", rows, withdrawn_on)


def _category_rows(scenario: Scenario) -> pa.Table:
    rows: list[tuple[int, int | None, str, int, str]] = []
    for number, department in enumerate(DEPARTMENTS, start=1):
        rows.append((100 * number, None, department.name, 1, department.tax_class))
        for position, category in enumerate(department.categories, start=1):
            rows.append((100 * number + position, 100 * number, category.name, 2, department.tax_class))
    ids, parents, names, levels, classes = zip(*rows, strict=True)
    loaded = np.full(len(rows), horizon_of(scenario).go_live)
    return rows_of(
        "pim.product_categories",
        {
            "category_id": list(ids),
            "parent_category_id": list(parents),
            "category_name": list(names),
            "category_level": list(levels),
            "tax_class": list(classes),
            "created_at": loaded,
            "updated_at": loaded,
        },
    )


def _category_ids() -> NDArray[np.int64]:
    return np.array(
        [
            100 * number + position
            for number, department in enumerate(DEPARTMENTS, start=1)
            for position in range(1, len(department.categories) + 1)
        ]
    )


def _product_rows(scenario: Scenario) -> pa.Table:
    products, horizon = range_of(scenario), horizon_of(scenario)
    count = scenario.sales.products
    brands, names = _names(scenario)
    kilograms = np.array([category.weight for _, category in categories()])[products.category]
    scatter = np.exp(0.5 * stream(scenario.seed, "pim.products", "weight").standard_normal(count))
    launched_on = horizon.start + products.launch_day
    created_at = (launched_on - ENTERED_DAYS).astype("datetime64[us]")
    return rows_of(
        "pim.products",
        {
            "product_id": products.product_ids,
            "product_name": names,
            "category_id": _category_ids()[products.category],
            "brand_name": brands,
            "pack_size": products.pack_size,
            "weight_kg": np.maximum(np.rint(kilograms * scatter * 100).astype(np.int64), 1) * 10_000,
            "launched_on": launched_on,
            "created_at": created_at,
            "updated_at": created_at,
        },
    )


def _withdrawal_rows(scenario: Scenario, withdrawn: NDArray[np.int64], withdrawn_on: NDArray[np.datetime64]) -> pa.Table:
    return rows_of(
        "pim.product_withdrawals",
        {
            "product_id": range_of(scenario).product_ids.take(pa.array(withdrawn)),
            "withdrawn_on": withdrawn_on,
            "created_at": withdrawn_on,
            "updated_at": withdrawn_on,
        },
    )


def _names(scenario: Scenario) -> tuple[list[str], list[str]]:
    """Brand and full name of each product; noun, attribute and brand run through their combinations before one repeats."""
    draws = stream(scenario.seed, "pim.products", "names")
    brands: list[str] = []
    names: list[str] = []
    sizes = np.bincount(range_of(scenario).category)
    for (department, category), size in zip(categories(), sizes, strict=True):
        choices = len(category.nouns) * len(category.attributes) * len(department.brands)
        for combination in np.resize(draws.permutation(choices), size):
            rest, noun = divmod(int(combination), len(category.nouns))
            brand, attribute = divmod(rest, len(category.attributes))
            series = 10 * int(draws.integers(10, 100))
            brands.append(department.brands[brand])
            names.append(f"{department.brands[brand]} {category.nouns[noun]} {series}, {category.attributes[attribute]}")
    return brands, names


FAMILY: Family[Scenario] = Family(
    "products", ("pim.product_categories", "pim.products", "pim.product_withdrawals"), _one_part, _generate
)
