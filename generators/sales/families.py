"""The list of the sales half's families, in the order in which their tables refer to each other."""

from __future__ import annotations

from generators.engine.plan import Derived, Family
from generators.sales import (
    costs,
    customers,
    documents,
    economy,
    latents,
    prices,
    products,
    promotions,
    reference,
    replenishment,
    stock,
    targets,
    truth,
    warehouses,
    workforce,
)
from generators.scenario import Scenario

FAMILIES: tuple[Family[Scenario], ...] = (
    reference.LISTS,
    reference.EXCHANGE,
    reference.HOLIDAYS,
    products.FAMILY,
    prices.FAMILY,
    costs.FAMILY,
    promotions.FAMILY,
    workforce.FAMILY,
    targets.FAMILY,
    customers.FAMILY,
    warehouses.FAMILY,
    documents.FAMILY,
    replenishment.FAMILY,
    economy.FAMILY,
    latents.FAMILY,
    truth.FAMILY,
)

DERIVED: tuple[Derived[Scenario], ...] = (stock.SNAPSHOTS,)
