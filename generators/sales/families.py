"""The list of the sales half's families, in the order in which their tables refer to each other."""

from __future__ import annotations

from generators.engine.plan import Derived, Family
from generators.sales import (
    customers,
    documents,
    prices,
    products,
    reference,
    replenishment,
    stock,
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
    workforce.FAMILY,
    customers.FAMILY,
    warehouses.FAMILY,
    documents.FAMILY,
    replenishment.FAMILY,
    truth.FAMILY,
)

DERIVED: tuple[Derived[Scenario], ...] = (stock.SNAPSHOTS,)
