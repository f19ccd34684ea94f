"""Quotas: what each sales representative is asked to bring in, month by month."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from generators.engine.columns import rows_of
from generators.engine.plan import Chunk, Family, Part
from generators.engine.streams import uniform_at
from generators.sales.countries import countries_of
from generators.sales.demand import expected_orders
from generators.sales.effects import ACCOUNT
from generators.sales.exchange import QUOTES
from generators.sales.horizon import horizon_of
from generators.sales.moments import country_labels
from generators.sales.workforce import workforce_of
from generators.scenario import Scenario

ORDER_VALUE_EUR = 690  # of an account's order, the mean that the generator gives without the chains
ASSISTED_SHARE = 0.52  # of accounts' orders are taken by a representative
STRETCH = (0.55, 0.95)  # of the fair share; values are skewed, so that half of the representatives reach theirs
ROUNDED_TO_EUR = 100


def _parts(scenario: Scenario) -> list[Part]:
    return [Part("targets", "all", horizon_of(scenario).month_count * len(workforce_of(scenario).country))]


def _generate(scenario: Scenario, _: Part) -> Iterator[Chunk]:
    horizon, workforce = horizon_of(scenario), workforce_of(scenario)
    seats = np.arange(len(workforce.country))
    month, seat = (index.ravel() for index in np.meshgrid(np.arange(horizon.month_count), seats, indexing="ij"))
    first_day = (horizon.month_starts - horizon.start).astype(np.int64)[month]
    country = workforce.country[seat]
    by_month = np.zeros((len(countries_of(scenario)), horizon.month_count))
    np.add.at(by_month.T, horizon.month_of_day, expected_orders(scenario)[:, ACCOUNT].T)
    per_seat = by_month / np.diff(workforce.first_seat)[:, None] * ASSISTED_SHARE * ORDER_VALUE_EUR
    low, high = STRETCH
    stretch = low + (high - low) * uniform_at(scenario.seed, "crm.sales_targets", "stretch", seat, month // 12)
    steps = np.maximum(np.rint(per_seat[country, month] * stretch / ROUNDED_TO_EUR), 1).astype(np.int64)
    level = np.array([max(1, round(QUOTES[land.currency].level)) for land in countries_of(scenario)])[country]
    target_month = horizon.month_starts[month]
    rows = rows_of(
        "crm.sales_targets",
        {
            "rep_id": workforce.rep_id.ravel()[workforce.incumbents_on(seat, first_day)],
            "target_month": target_month,
            "currency_code": country_labels(scenario, "currency", country),
            "target_amount": steps * ROUNDED_TO_EUR * level * 100,
            "created_at": target_month,
            "updated_at": target_month,
        },
    )
    yield Chunk("crm.sales_targets", "part-000.parquet", rows, target_month)


FAMILY: Family[Scenario] = Family("targets", ("crm.sales_targets",), _parts, _generate)
