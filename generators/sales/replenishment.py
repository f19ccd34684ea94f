"""How the warehouses are replenished: each product in cycles of its own, and now and then a delivery that comes late.

A delivery covers what is picked from the start of its cycle to the start of the next one, and arrives a few days ahead. One
that is late leaves the product out of stock from the start of the cycle until it arrives. Whether it is late depends on
product, warehouse and cycle alone, so every part of the plan sees the same stock-outs.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from generators.engine.columns import rows_of
from generators.engine.plan import Chunk, Family, Part
from generators.engine.streams import uniform_at
from generators.sales.horizon import horizon_of
from generators.sales.moments import dates, moments
from generators.sales.products import range_of
from generators.sales.warehouses import warehouses_of
from generators.scenario import Scenario

CYCLE_DAYS = np.array([7, 14, 21])
MOST_DAYS_AHEAD = 4
LATE_SHARE = 0.08  # of deliveries; they are half a cycle late on average, so 4 % of demand meets an empty shelf
LOST_SHARE = 0.5  # of the lines that meet an empty shelf; the others wait


@dataclass(frozen=True)
class Cycles:
    """By product, in days: length of the cycle, start of cycle 0, and how long ahead of its cycle a delivery comes."""

    length: NDArray[np.int64]
    phase: NDArray[np.int64]
    ahead: NDArray[np.int64]

    def number(self, product: NDArray[np.int64], day: NDArray[np.int64]) -> NDArray[np.int64]:
        """The cycle of a product that a day falls in."""
        return (day - self.phase[product]) // self.length[product]

    def start(self, product: NDArray[np.int64], cycle: NDArray[np.int64]) -> NDArray[np.int64]:
        """First day of a cycle."""
        return self.phase[product] + cycle * self.length[product]


@cache
def cycles_of(scenario: Scenario) -> Cycles:
    """The cycles of all products."""
    products = np.arange(len(range_of(scenario).category))

    def draws(purpose: str) -> NDArray[np.float64]:
        return uniform_at(scenario.seed, "wms.stock_movements", purpose, products)

    length = CYCLE_DAYS[(draws("cycle") * len(CYCLE_DAYS)).astype(np.int64)]
    phase = (draws("phase") * length).astype(np.int64)
    return Cycles(length, phase, 1 + (draws("ahead") * MOST_DAYS_AHEAD).astype(np.int64))


def days_late(
    scenario: Scenario, product: NDArray[np.int64], warehouse: NDArray[np.int64], cycle: NDArray[np.int64]
) -> NDArray[np.int64]:
    """Days from the start of a cycle to the arrival of its delivery; 0 when it came ahead."""
    if "stock_out" in scenario.without:
        return np.zeros(len(product), dtype=np.int64)
    table = "wms.stock_movements"
    late = np.flatnonzero(uniform_at(scenario.seed, table, "late", product, warehouse, cycle) < LATE_SHARE)
    share = uniform_at(scenario.seed, table, "days_late", product[late], warehouse[late], cycle[late])
    days = np.zeros(len(product), dtype=np.int64)
    days[late] = 1 + (share * (cycles_of(scenario).length[product[late]] - 1)).astype(np.int64)
    return days


def back_in_stock(
    scenario: Scenario, product: NDArray[np.int64], warehouse: NDArray[np.int64], day: NDArray[np.int64]
) -> NDArray[np.int64]:
    """The first day from `day` on which the product is in stock: the day itself unless its delivery is late."""
    cycles = cycles_of(scenario)
    cycle = cycles.number(product, day)
    return np.asarray(np.maximum(day, cycles.start(product, cycle) + days_late(scenario, product, warehouse, cycle)))


def arrival_day(
    scenario: Scenario, product: NDArray[np.int64], warehouse: NDArray[np.int64], cycle: NDArray[np.int64]
) -> NDArray[np.int64]:
    """The day on which the delivery for a cycle arrives."""
    late = days_late(scenario, product, warehouse, cycle)
    return cycles_of(scenario).start(product, cycle) + np.where(late > 0, late, -cycles_of(scenario).ahead[product])


def _parts(scenario: Scenario) -> list[Part]:
    rows = int(len(range_of(scenario).category) * len(warehouses_of(scenario).areas) * 52 / 2 * LATE_SHARE)
    return [Part("stock_outs", str(year), rows) for year in horizon_of(scenario).years]


def _generate(scenario: Scenario, part: Part) -> Iterator[Chunk]:
    """The stock-outs that begin in a year, of products on sale when they begin."""
    horizon, products, cycles = horizon_of(scenario), range_of(scenario), cycles_of(scenario)
    days = horizon.dates
    mine = np.flatnonzero(days.astype("datetime64[Y]").astype(np.int64) + 1970 == int(part.key))
    first, end = int(mine[0]), int(mine[-1]) + 1
    most = (end - first) // int(CYCLE_DAYS.min()) + 2
    product, step = (index.ravel() for index in np.indices((len(products.category), most)))
    cycle = cycles.number(product, np.full_like(product, first)) + step
    start = cycles.start(product, cycle)
    on_sale = (products.launch_day[product] <= start) & (products.withdrawal_day[product] > start)
    here = np.flatnonzero((start >= first) & (start < end) & on_sale)
    found = []
    for number in range(len(warehouses_of(scenario).areas)):  # one by one, to keep memory flat
        warehouse = np.full(len(here), number)
        late = days_late(scenario, product[here], warehouse, cycle[here])
        out = late > 0
        found.append(np.stack([start[here][out], product[here][out], warehouse[out], late[out]]))
    rows = np.concatenate(found, axis=1)
    begins, product, warehouse, late = rows[:, np.lexsort(rows[2::-1])]
    yield Chunk(
        "truth.business_events",
        f"part-stock-outs-{part.key}.parquet",
        _rows(scenario, product, warehouse, begins, late),
        dates(scenario, begins),
    )


def _rows(
    scenario: Scenario,
    product: NDArray[np.int64],
    warehouse: NDArray[np.int64],
    start: NDArray[np.int64],
    late: NDArray[np.int64],
) -> pa.Table:
    product_ids = range_of(scenario).product_ids.take(pa.array(product)).cast(pa.string())
    warehouse_ids = pa.array(warehouses_of(scenario).warehouse_id[warehouse]).cast(pa.string())
    scope = pc.binary_join_element_wise(product_ids, warehouse_ids, "/")
    first_day = pa.array(dates(scenario, start)).cast(pa.string())
    began = moments(scenario, start * 86_400)
    return rows_of(
        "truth.business_events",
        {
            "event_id": pc.binary_join_element_wise("stock_out", scope, first_day, "-"),
            "event_type": ["stock_out"] * len(start),
            "scope_kind": ["product_and_warehouse"] * len(start),
            "scope_value": scope,
            "starts_on": dates(scenario, start),
            "ends_on": dates(scenario, start + late - 1),
            "true_effect": np.full(len(start), round((1 - LOST_SHARE) * 1_000_000)),
            "created_at": began,
            "updated_at": began,
        },
    )


FAMILY: Family[Scenario] = Family("stock_outs", ("truth.business_events",), _parts, _generate)
