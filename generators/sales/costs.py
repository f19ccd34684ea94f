"""What products cost the company: a share of the price they were made for, moving apart from it."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from generators.engine.columns import rows_of
from generators.engine.plan import Chunk, Family, Part
from generators.engine.streams import stream
from generators.sales.horizon import horizon_of
from generators.sales.moments import dates
from generators.sales.products import categories, range_of
from generators.scenario import Scenario

# Gross margin on the list price by department; a retailer's orders of magnitude, thin on electronics and food.
MARGINS = {
    "Electronics": 0.27,
    "Home and kitchen": 0.45,
    "Furniture and lighting": 0.48,
    "Office and school": 0.42,
    "Sport and outdoor": 0.44,
    "Clothing": 0.56,
    "Garden and tools": 0.40,
    "Toys and games": 0.43,
    "Food and drink": 0.32,
    "Books and maps": 0.35,
}
MARGIN_SIGMA = 0.10  # of the logarithm of a product's cost
REVISED_SHARE = 0.14  # of costs in a month, so that one in seven months brings a new one
REVISION_SIGMA = 0.04
INFLATION = 0.022  # a year
ANNOUNCED_DAYS = 2  # ahead
BOUGHT_DAYS = 28  # before the launch, goods are bought for it


@cache
def unit_costs(scenario: Scenario) -> NDArray[np.int64]:
    """Costs of one unit in euro hundredths, by planned month and product."""
    products = range_of(scenario)
    shape = (horizon_of(scenario).month_count, len(products.category))

    def draws(purpose: str) -> np.random.Generator:
        return stream(scenario.seed, "pim.product_costs", purpose)

    margin = np.array([MARGINS[department.name] for department, _ in categories()])[products.category]
    usual = products.price_cents * (1 - margin) * np.exp(MARGIN_SIGMA * draws("margin").standard_normal(shape[1]))
    months = np.arange(shape[0])[:, None]
    revised = draws("revisions").random(shape) < REVISED_SHARE
    last_revision = np.maximum.accumulate(np.where(revised, months, 0), axis=0)
    moved = (1 + INFLATION) ** (months / 12) * np.exp(REVISION_SIGMA * draws("moves").standard_normal(shape))
    costs = usual * np.take_along_axis(moved, last_revision, axis=0)
    return np.asarray(np.maximum(np.rint(costs).astype(np.int64), 1))


def _parts(scenario: Scenario) -> list[Part]:
    rows = 2 * len(range_of(scenario).category)
    return [Part("costs", str(year), rows) for year in horizon_of(scenario).years]


def _generate(scenario: Scenario, part: Part) -> Iterator[Chunk]:
    """The costs that begin to hold in a year: before the launch, then on the first of a month."""
    horizon, products, costs = horizon_of(scenario), range_of(scenario), unit_costs(scenario)
    first_month = 12 * (int(part.key) - horizon.first.year)
    months = np.arange(first_month, min(first_month + 12, horizon.month_count))[:, None]
    launch_month = np.where(products.launch_day < 0, 0, horizon.month_of_day[np.maximum(products.launch_day, 0)])
    month_starts = (horizon.month_starts - horizon.start).astype(np.int64)
    is_first = months == launch_month
    moved = costs[months[:, 0]] != costs[np.maximum(months[:, 0] - 1, 0)]
    starts = is_first | (moved & (months > launch_month) & (month_starts[months] < products.withdrawal_day))
    month, product = np.nonzero(starts)
    effective = np.where(
        is_first[month, product], products.launch_day[product] - BOUGHT_DAYS, month_starts[first_month + month]
    )
    announced_on = dates(scenario, effective) - ANNOUNCED_DAYS
    rows = rows_of(
        "pim.product_costs",
        {
            "product_id": products.product_ids.take(pa.array(product)),
            "effective_from": dates(scenario, effective),
            "unit_cost": costs[first_month + month, product],
            "created_at": announced_on,
            "updated_at": announced_on,
        },
    )
    yield Chunk("pim.product_costs", f"part-{part.key}.parquet", rows, announced_on)


FAMILY: Family[Scenario] = Family("costs", ("pim.product_costs",), _parts, _generate)
