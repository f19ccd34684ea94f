"""What the plan knows of a scenario before a row is drawn: the counts from which everything else follows.

They come from the functions that the generators themselves ask, none of which enumerates customers, orders or readings; even
for the largest preset they take seconds and little memory.
"""

from __future__ import annotations

from collections import Counter
from datetime import timedelta
from functools import cache

import numpy as np

from generators.engine.plan import Part, Window
from generators.generation import families
from generators.scenario import Scenario


@cache
def parts_of(scenario: Scenario) -> dict[str, tuple[Part, ...]]:
    """The parts that a fresh lake is made of, by family."""
    window = Window(None, scenario.until)
    return {family.name: tuple(filter(window.touches, family.parts(scenario))) for family in families(scenario)}


@cache
def sizes(scenario: Scenario) -> dict[str, float]:
    """The counts of a scenario, up to the last day that is written; domains that are left out have none."""
    parts = parts_of(scenario)
    found: dict[str, float] = {"one": 1, "parts": sum(map(len, parts.values()))}
    if "sales" in scenario.domains:
        found |= _sales(scenario)
        found["document parts"], found["customer parts"] = len(parts["documents"]), len(parts["customers"])
        found["largest document part"] = max(part.expected_rows for part in parts["documents"])
    if "chemical" in scenario.domains:
        found |= _chemical(scenario)
    return found


def _sales(scenario: Scenario) -> dict[str, float]:
    from generators.sales.countries import countries_of, currencies_of, markets_of
    from generators.sales.demand import month_counts
    from generators.sales.horizon import horizon_of
    from generators.sales.population import customer_count
    from generators.sales.warehouses import warehouses_of
    from generators.sales.workforce import workforce_of

    horizon = horizon_of(scenario)
    days = (scenario.until - horizon.first).days
    days_of_month = np.bincount(horizon.month_of_day[:days]).tolist()
    return {
        "sales": 1,
        "years": days / 365.25,
        "months on sale": int(np.count_nonzero(horizon.month_starts <= np.datetime64(scenario.until - timedelta(days=1)))),
        "countries": len(countries_of(scenario)),
        "markets": len(markets_of(scenario)),
        "currencies": len(currencies_of(scenario)),
        "warehouses": len(warehouses_of(scenario).areas),
        "seats": len(workforce_of(scenario).country),
        "products": scenario.sales.products,
        "customers": customer_count(scenario, days),
        "orders": sum(int(month_counts(scenario, month)[:length].sum()) for month, length in enumerate(days_of_month)),
    }


def _chemical(scenario: Scenario) -> dict[str, float]:
    from generators.chemical.batches import runs_batches
    from generators.chemical.fleet import fleet_of
    from generators.chemical.history import first_day

    fleet, first = fleet_of(scenario), first_day(scenario)
    days = max((scenario.until - first).days, 0)
    return {
        "chemical": 1,
        "organizations": len(fleet.organizations),
        "sites": len(fleet.sites),
        "plants": len(fleet.plants),
        "units": len(fleet.units),
        "batch units": sum(runs_batches(unit) for unit in fleet.units),
        "tags": sum(unit.tag_count for unit in fleet.units),
        "days": days,
        "months": len(Counter((first + timedelta(days=day)).replace(day=1) for day in range(days))),
        "faults": scenario.chemical.faults,
    }
