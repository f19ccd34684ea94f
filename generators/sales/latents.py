"""The hidden properties of customers and products, for those who want to check what they have inferred."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from generators.engine.columns import rows_of
from generators.engine.plan import Chunk, Family, Part
from generators.sales.horizon import NEVER
from generators.sales.moments import dates
from generators.sales.population import customer_count, customer_ids, population_of
from generators.sales.products import ENTERED_DAYS, range_of
from generators.sales.promotions import price_elasticity
from generators.scenario import Scenario

CUSTOMERS_PER_FILE = 100_000


def _parts(scenario: Scenario) -> list[Part]:
    return [Part("latents", "all", customer_count(scenario))]


def _generate(scenario: Scenario, _: Part) -> Iterator[Chunk]:
    for number, first in enumerate(range(0, len(population_of(scenario).country), CUSTOMERS_PER_FILE)):
        yield _customers(scenario, slice(first, first + CUSTOMERS_PER_FILE), f"part-{number:03}.parquet")
    products = range_of(scenario)
    entered_on = dates(scenario, products.launch_day) - ENTERED_DAYS
    latent_products = rows_of(
        "truth.latent_products",
        {
            "product_id": products.product_ids,
            "popularity": np.round(products.popularity, 9),
            "price_elasticity": np.round(price_elasticity(scenario), 9),
            "return_rate": products.return_rate,
            "created_at": entered_on,
            "updated_at": entered_on,
        },
    )
    yield Chunk("truth.latent_products", "part-000.parquet", latent_products, entered_on)


def _customers(scenario: Scenario, which: slice, path: str) -> Chunk:
    population = population_of(scenario)
    acquired_on = dates(scenario, population.acquired_day[which].astype(np.int64))
    churn_day = population.churn_day[which].astype(np.int64)
    churns = churn_day < NEVER
    rows = rows_of(
        "truth.latent_customers",
        {
            "customer_id": customer_ids(scenario, np.arange(which.start, which.start + len(acquired_on))),
            "order_rate": population.rate[which] / 1_000_000,
            "churns_on": np.ma.masked_array(dates(scenario, np.where(churns, churn_day, 0)), mask=~churns),
            "extra_lines": population.extra_lines[which],
            "volume": population.volume[which],
            "promptness": np.round(population.promptness[which], 9),
            "created_at": acquired_on,
            "updated_at": acquired_on,
        },
    )
    return Chunk("truth.latent_customers", path, rows, acquired_on)


FAMILY: Family[Scenario] = Family("latents", ("truth.latent_customers", "truth.latent_products"), _parts, _generate)
