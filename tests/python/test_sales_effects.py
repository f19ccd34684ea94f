"""The named effects: each lies where the calendar says, the orders follow it, and it can be taken away by itself."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import numpy as np
import pytest
from numpy.typing import NDArray
from scipy.stats import chi2

from generators.engine.plan import Chunk
from generators.sales import economy
from generators.sales.countries import COUNTRIES, Country
from generators.sales.demand import expected_orders, intensity, month_counts
from generators.sales.effects import (
    ACCOUNT,
    CUSTOMER_TYPES,
    EFFECTS,
    PERSON,
    QUARTER_END_DISCOUNT,
    effect_factors,
    effect_levels,
    quarter_end_discount,
)
from generators.sales.feasts import FEASTS, feasts_of
from generators.sales.horizon import Horizon, horizon_of
from generators.sales.paydays import days_since_payday
from generators.sales.promotions import promotions_of
from generators.scenario import Scenario
from tests.python.sales_tables import chunks_of, rows, scenario_of

LAND = {country.code: country for country in COUNTRIES}
YEARS = Horizon(date(2024, 1, 1), date(2026, 1, 1), date(2026, 2, 1))


def days_of(country: Country, feast_name: str, year: int) -> tuple[date, date, int]:
    """First and last day of a feast's window in a year, and how many there are."""
    (feast,) = [feast for feast in feasts_of(country) if feast.name == feast_name]
    days = YEARS.dates[feast.mask(YEARS)]
    inside = days[days.astype("datetime64[Y]").astype(int) + 1970 == year]
    return inside[0].item(), inside[-1].item(), len(inside)


@pytest.mark.parametrize(
    ("code", "feast", "first", "last"),
    [
        ("SA", "ramadan", date(2025, 3, 1), date(2025, 3, 29)),
        ("AE", "ramadan", date(2024, 3, 12), date(2024, 4, 9)),
        ("TR", "before_eid_al_adha", date(2025, 5, 27), date(2025, 6, 5)),
        ("CN", "before_lunar_new_year", date(2025, 1, 15), date(2025, 1, 28)),
        ("KR", "lunar_new_year", date(2024, 2, 10), date(2024, 2, 16)),
        ("DE", "before_easter", date(2024, 3, 22), date(2024, 3, 28)),
        ("GR", "before_easter", date(2024, 4, 26), date(2024, 5, 2)),
        ("IN", "before_diwali", date(2025, 10, 6), date(2025, 10, 19)),
        ("JP", "golden_week", date(2025, 4, 29), date(2025, 5, 5)),
    ],
)
def test_feasts_move_with_their_calendar(code: str, feast: str, first: date, last: date) -> None:
    """Eid al-Fitr was on 10 April 2024 and 30 March 2025, Eastern Easter five weeks after the western one in 2024."""
    assert days_of(LAND[code], feast, first.year) == (first, last, (last - first).days + 1)


def test_a_feast_can_come_twice_in_a_year() -> None:
    """Eid al-Fitr: 2 January and 23 December 2033."""
    years = Horizon(date(2033, 1, 1), date(2034, 1, 1), date(2034, 2, 1))
    (ramadan,) = [feast for feast in FEASTS if feast.name == "ramadan"]
    days = years.dates[ramadan.mask(years)]
    assert days[0].item() == date(2033, 1, 1)
    assert days[-1].item() == date(2033, 12, 22)
    assert len(days) == 1 + 29


def test_countries_keep_their_own_feasts() -> None:
    assert {feast.name for feast in feasts_of(LAND["SA"])} == {"ramadan", "before_eid_al_adha"}
    assert {feast.name for feast in feasts_of(LAND["TH"])} == set()
    known = {country.code for country in COUNTRIES}
    assert all(set(feast.countries) <= known for feast in FEASTS)
    assert len({(feast.name, code) for feast in FEASTS for code in feast.countries}) == sum(len(f.countries) for f in FEASTS)


@pytest.mark.parametrize(
    ("code", "month", "paydays"),
    [
        ("DE", "2025-08", ["2025-08-29"]),  # the 31st was a Sunday
        ("US", "2025-06", ["2025-06-13", "2025-06-30"]),  # the 15th was a Sunday
        ("JP", "2025-10", ["2025-10-24"]),  # the 25th was a Saturday
        ("SA", "2025-06", ["2025-06-26"]),  # the 27th was a Friday, a day of rest
        ("GB", "2024-03", ["2024-03-28"]),  # Good Friday and the week-end before the 31st
    ],
)
def test_wages_come_before_days_of_rest(code: str, month: str, paydays: list[str]) -> None:
    found = YEARS.dates[days_since_payday(LAND[code], YEARS) == 0]
    assert [str(day) for day in found if str(day).startswith(month)] == paydays


def test_the_payday_before_the_first_day_is_known() -> None:
    assert days_since_payday(LAND["DE"], YEARS)[:2].tolist() == [3, 4]  # paid on Friday, 29 December 2023


def test_a_longer_plan_leaves_the_levels_of_earlier_days() -> None:
    near = scenario_of("small")
    far = replace(near, until=date(2030, 7, 1))
    days = horizon_of(near).day_count
    for effect in EFFECTS:
        assert (effect_levels(far, effect)[:, :days] == effect_levels(near, effect)).all()


DATED = ("payday", "feast", "recession", "shock", "quarter_end")


def misfit(scenario: Scenario, effect: str, orders: NDArray[np.float64], plan: Scenario) -> tuple[float, int]:
    """Pearson's chi square of orders (by country, customer type and day) against a plan, over the effect's levels.

    Over cells of country, customer type and level with at least five expected orders; with the number of cells.
    """
    days = horizon_of(scenario).scale_days
    levels, expected = effect_levels(scenario, effect)[:, :days], expected_orders(plan)[:, :, :days]
    cells = [
        (orders[country, kind, levels[country] == level].sum(), expected[country, kind, levels[country] == level].sum())
        for country in range(len(levels))
        for kind in (PERSON, ACCOUNT)
        for level in np.unique(levels[country])
    ]
    found, planned = np.array([cell for cell in cells if cell[1] >= 5]).T
    return float(((found - planned) ** 2 / planned).sum()), len(found)


@pytest.mark.parametrize("effect", DATED)
def test_orders_follow_the_effect(effect: str) -> None:
    scenario = scenario_of("small")
    codes = [country.code for country in COUNTRIES[: scenario.sales.countries]]
    orders = np.zeros((len(codes), len(CUSTOMER_TYPES), horizon_of(scenario).scale_days))
    for code, kind, day, count in rows(
        "small",
        """
        select o.country_code, c.customer_type, o.order_date - date '2024-01-01', count(*)
        from oms.orders as o inner join crm.customers as c using (customer_id) group by all
        """,
    ):
        orders[codes.index(code), CUSTOMER_TYPES.index(kind), day] = count
    distance, cells = misfit(scenario, effect, orders, scenario)
    assert distance < chi2.ppf(0.999, cells)


@pytest.mark.parametrize("effect", DATED)
def test_a_plan_without_the_effect_would_be_noticed(effect: str) -> None:
    """With the orders of medium: on small, two days of shock are forty orders, too few to tell.

    The strength of the effect is one parameter, so the plan without it may fit worse by as much as one parameter is worth.
    """
    scenario = scenario_of("medium")
    counts = np.concatenate([month_counts(scenario, month) for month in range(horizon_of(scenario).scale_months)])
    orders = np.moveaxis(counts, 0, 2).astype(np.float64)
    distance, cells = misfit(scenario, effect, orders, scenario)
    assert distance < chi2.ppf(0.999, cells)
    assert misfit(scenario, effect, orders, replace(scenario, without=(effect,)))[0] - distance > chi2.ppf(0.999, 1)


@pytest.mark.parametrize("effect", economy.EPISODES)
def test_episodes_are_business_events_until_they_are_switched_off(effect: str) -> None:
    full = scenario_of("small")
    for scenario, there in ((full, True), (replace(full, without=(effect,)), False)):
        (chunk,) = chunks_of_economy(scenario)
        assert (effect in chunk.rows["event_type"].to_pylist()) is there
        assert len(chunk.rows) > 0


def chunks_of_economy(scenario: Scenario) -> list[Chunk]:
    (part,) = economy.FAMILY.parts(scenario)
    return list(economy.FAMILY.generate(scenario, part))


def test_representatives_give_a_discount_away_at_the_end_of_a_quarter() -> None:
    scenario = scenario_of("small")
    days = np.arange(91)  # the first quarter of 2024
    expected = np.where(days >= 81, QUARTER_END_DISCOUNT, 0)
    assert (quarter_end_discount(scenario, days) == expected).all()
    assert not quarter_end_discount(replace(scenario, without=("quarter_end",)), days).any()


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


def test_a_fifth_of_persons_lines_are_reduced() -> None:
    """By about a quarter, as at a grocer, who reduces half of the lines (fact 25)."""
    ((share, depth),) = rows(
        "small",
        """
        select
            avg((l.promotion_id is not null)::int),
            avg(l.discount_amount / (l.net_amount + l.discount_amount)) filter (l.promotion_id is not null)
        from oms.order_lines as l
        inner join oms.orders as o using (order_id)
        inner join crm.customers as c using (customer_id)
        where c.customer_type = 'person'
        """,
    )
    assert 0.18 < share < 0.30
    assert 0.20 < depth < 0.32


def test_promotions_have_room_for_their_numbers() -> None:
    for preset in ("tiny", "small"):
        promotions = promotions_of(scenario_of(preset))
        numbers = [promotion.promotion_id for promotion in promotions]
        assert len(set(numbers)) == len(numbers)
        assert all(promotion.promotion_id // 10_000 == promotion.year for promotion in promotions)
        assert numbers == sorted(numbers)
