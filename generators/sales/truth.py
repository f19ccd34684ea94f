"""The answer key of demand: the factor that each effect was given, and the orders that the plan expects at each level."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from generators.engine.columns import rows_of
from generators.engine.plan import Chunk, Family, Part
from generators.sales.demand import expected_orders
from generators.sales.effects import CUSTOMER_TYPES, EFFECTS, effect_factors, effect_levels
from generators.sales.horizon import horizon_of
from generators.sales.labels import labelled
from generators.sales.moments import country_labels
from generators.scenario import Scenario


def _parts(_: Scenario) -> list[Part]:
    return [Part("demand_truth", "all", 1)]


def _generate(scenario: Scenario, _: Part) -> Iterator[Chunk]:
    """A month is written when it has ended. Effects whose factor moves within a level get their mean over its days."""
    tables, days = zip(*[_rows(scenario, effect) for effect in EFFECTS], strict=True)
    yield Chunk("truth.demand_factors", "part-000.parquet", pa.concat_tables(tables).combine_chunks(), np.concatenate(days))


def _rows(scenario: Scenario, effect: str) -> tuple[pa.Table, NDArray[np.datetime64]]:
    """The rows of an effect and the last day of each one's month."""
    horizon, kinds = horizon_of(scenario), len(CUSTOMER_TYPES)
    names, level = np.unique(effect_levels(scenario, effect), return_inverse=True)
    level = level.reshape(scenario.sales.countries, -1)
    cell = (np.arange(len(level))[:, None] * len(names) + level) * horizon.month_count + horizon.month_of_day
    size = len(level) * len(names) * horizon.month_count
    days = np.bincount(cell.ravel(), minlength=size)
    there = np.flatnonzero(days)

    def sums(values: NDArray[np.float64]) -> NDArray[np.float64]:
        return np.stack([np.bincount(cell.ravel(), values[:, kind].ravel(), size)[there] for kind in range(kinds)])

    factor = sums(effect_factors(scenario, effect)) / days[there]
    orders = sums(expected_orders(scenario))
    place, month = np.divmod(there, horizon.month_count)
    country, name = np.divmod(place, len(names))
    starts = np.tile(horizon.month_starts[month], kinds)
    last_day = (starts.astype("datetime64[M]") + 1).astype("datetime64[D]") - 1
    table = rows_of(
        "truth.demand_factors",
        {
            "effect": pa.repeat(effect, len(starts)),
            "customer_type": labelled(CUSTOMER_TYPES, np.repeat(np.arange(kinds), len(there))),
            "country_code": country_labels(scenario, "code", np.tile(country, kinds)),
            "level": labelled([str(text) for text in names], np.tile(name, kinds)),
            "factor_month": starts,
            "factor": np.round(factor.ravel(), 9),
            "day_count": np.tile(days[there], kinds),
            "expected_orders": np.round(orders.ravel(), 6),
            "created_at": last_day + 1,
            "updated_at": last_day + 1,
        },
    )
    return table, last_day


FAMILY: Family[Scenario] = Family("demand_truth", ("truth.demand_factors",), _parts, _generate)
