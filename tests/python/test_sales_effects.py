"""Ablation: without an effect its statistic is gone, and every other one stays."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import numpy as np
import pytest
from numpy.typing import NDArray

from generators.sales.demand import expected_orders, intensity
from generators.sales.effects import EFFECTS, effect_factors, effect_levels
from generators.scenario import Scenario
from tests.python.sales_tables import chunks_of, scenario_of


def partial_effect(scenario: Scenario, effect: str) -> NDArray[np.float64]:
    """How strongly the logarithm of demand depends on the effect's levels, with the other effects divided out.

    By country and type of customer: the spread of the levels' means, with the levels of the full world.
    """
    demand = intensity(scenario)
    for other in EFFECTS:
        if other != effect:
            demand = demand / effect_factors(scenario, other)
    levels = effect_levels(scenario_of(scenario.preset), effect)
    means = [
        [
            [np.log(demand[country, kind, levels[country] == level]).mean() for level in np.unique(levels[country])]
            for kind in (0, 1)
        ]
        for country in range(len(levels))
    ]
    return np.array([[np.ptp(by_level) for by_level in country] for country in means])


@pytest.mark.parametrize("effect", EFFECTS)
def test_without_an_effect_its_pattern_is_gone_and_the_others_stay(effect: str) -> None:
    full = scenario_of("small")
    without = replace(full, without=(effect,))
    assert partial_effect(full, effect).max() > 0.04
    assert partial_effect(without, effect).max() < 1e-9
    for other in EFFECTS:
        if other != effect:
            assert partial_effect(without, other) == pytest.approx(partial_effect(full, other), abs=1e-9)


@pytest.mark.parametrize("effect", EFFECTS)
def test_the_number_of_orders_is_exact_without_any_effect(effect: str) -> None:
    scenario = replace(scenario_of("small"), without=(effect,))
    assert expected_orders(scenario)[:, :, :731].sum() == pytest.approx(scenario.sales.orders)


def counts(*without: str) -> dict[str, int]:
    """What `--without` moves further down the chain, counted on the preset tiny."""
    found = {"promotion": 0, "stock_out": 0, "return": 0, "late_payment": 0}
    due: dict[int, date] = {}
    for chunk in chunks_of(replace(scenario_of("tiny"), without=without)):
        if chunk.table == "oms.order_lines":
            found["promotion"] += len(chunk.rows) - chunk.rows["promotion_id"].null_count
        if chunk.table == "truth.lost_sales":
            found["stock_out"] += len(chunk.rows)
        if chunk.table == "rma.returns":
            found["return"] += len(chunk.rows)
        if chunk.table == "fin.invoices":
            due.update(zip(chunk.rows["invoice_id"].to_pylist(), chunk.rows["due_date"].to_pylist(), strict=True))
        if chunk.table == "fin.payments" and "credit" not in chunk.path:
            paid = zip(chunk.rows["payment_id"].to_pylist(), chunk.rows["received_date"].to_pylist(), strict=True)
            found["late_payment"] += sum(number % 100 == 1 and day > due[number] for number, day in paid)
    return found


def test_effects_further_down_the_chain_can_be_switched_off_one_by_one() -> None:
    full = counts()
    assert min(full.values()) > 20
    for effect in full:
        without = counts(effect)
        # In-time payments of accounts may be booked a day or two late over a week-end.
        assert without[effect] <= (0.2 * full[effect] if effect == "late_payment" else 0)
        for other in full:
            if other != effect:
                assert 0.7 * full[other] < without[other] < 1.4 * full[other]
