"""The answer key of demand: the factor that each effect was given, and the orders that the plan expects at each level."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from generators.engine.columns import rows_of
from generators.engine.plan import Chunk, Family, Part
from generators.sales.countries import countries_of
from generators.sales.demand import expected_orders
from generators.sales.effects import CUSTOMER_TYPES, EFFECTS, effect_factors, effect_levels
from generators.sales.horizon import horizon_of
from generators.scenario import Scenario


def _parts(_: Scenario) -> list[Part]:
    return [Part("demand_truth", "all", 1)]


def _generate(scenario: Scenario, _: Part) -> Iterator[Chunk]:
    """Levels with several factors, as growth within a year, get their mean over the level's days."""
    expected = expected_orders(scenario)
    rows: list[tuple[str, str, str, str, float, int, float]] = []
    for effect in EFFECTS:
        factors, levels = effect_factors(scenario, effect), effect_levels(scenario, effect)
        for number, country in enumerate(countries_of(scenario)):
            for level in np.unique(levels[number]):
                days = np.flatnonzero(levels[number] == level)
                for kind, customer_type in enumerate(CUSTOMER_TYPES):
                    factor, orders = factors[number, kind, days].mean(), expected[number, kind, days].sum()
                    rows.append(
                        (effect, customer_type, country.code, str(level), round(factor, 9), len(days), round(orders, 6))
                    )
    effects, types, codes, names, values, counts, totals = zip(*rows, strict=True)
    written = np.full(len(rows), horizon_of(scenario).go_live)
    table = rows_of(
        "truth.demand_factors",
        {
            "effect": list(effects),
            "customer_type": list(types),
            "country_code": list(codes),
            "level": list(names),
            "factor": np.array(values),
            "day_count": np.array(counts),
            "expected_orders": np.array(totals),
            "created_at": written,
            "updated_at": written,
        },
    )
    yield Chunk("truth.demand_factors", "part-000.parquet", table)


FAMILY: Family[Scenario] = Family("demand_truth", ("truth.demand_factors",), _parts, _generate)
