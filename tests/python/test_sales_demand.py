"""Business cycles: what was put into demand comes out of the orders, within the error of the sample."""

import csv
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from scipy.stats import chi2

from generators.sales.baskets import draw_lines
from generators.sales.countries import countries_of, currencies_of
from generators.sales.demand import blocks, expected_orders, intensity, month_totals, orders_before
from generators.sales.effects import ACCOUNT, EFFECTS, PERSON, effect_factors
from generators.sales.exchange import units_per_eur
from generators.sales.horizon import horizon_of
from generators.sales.orders import draw_orders
from generators.sales.population import cell_sizes, customer_ids, population_of
from tests.python.sales_tables import assert_none, rows, scenario_of

PUBLISHED_FACTS = Path(__file__).resolve().parents[2] / "seeds" / "sales" / "published_facts.csv"

LEVEL_OF_ORDER = {
    "weekday": "isodow(o.order_date)::varchar",
    "season": "strftime(o.order_date, '%m')",
    "holiday": """case when exists (
        select 1 from ref.country_holidays as h
        where h.country_code = o.country_code and h.holiday_date = o.order_date
    ) then 'holiday' else 'ordinary' end""",
    "growth": "year(o.order_date)::varchar",
}


@pytest.mark.parametrize("effect", LEVEL_OF_ORDER)
def test_orders_are_a_sample_of_the_expected_ones_at_every_level(effect: str) -> None:
    """Pearson's chi square over all levels with at least five expected orders stays below its 99.9 % quantile."""
    found = rows(
        "small",
        f"""
        with observed as (
            select c.customer_type, o.country_code, {LEVEL_OF_ORDER[effect]} as level, count(*) as orders
            from oms.orders as o inner join crm.customers as c using (customer_id)
            group by all
        )
        select sum(t.expected_orders) as expected, coalesce(any_value(orders), 0)
        from truth.demand_factors as t
        left join observed using (customer_type, country_code, level)
        where t.effect = '{effect}'
        group by customer_type, country_code, level
        having expected >= 5
        """,
    )
    expected, observed = np.array(found, dtype=np.float64).T
    assert ((observed - expected) ** 2 / expected).sum() < chi2.ppf(0.999, len(expected))


def test_a_wrong_pattern_would_be_noticed() -> None:
    """The test above can fail: persons' weekdays do not pass for accounts'."""
    found = rows(
        "small",
        """
        select a.expected_orders, p.expected_orders * sum(a.expected_orders) over () / sum(p.expected_orders) over ()
        from truth.demand_factors as a
        inner join truth.demand_factors as p using (effect, country_code, level, factor_month)
        where effect = 'weekday' and country_code = 'DE' and a.customer_type = 'account' and p.customer_type = 'person'
        """,
    )
    expected, observed = np.array(found, dtype=np.float64).T
    assert ((observed - expected) ** 2 / expected).sum() > chi2.ppf(0.999, len(expected))


def test_truth_accounts_for_every_order_and_day() -> None:
    shape = scenario_of("small").sales
    for effect, orders, days in rows(
        "small", "select effect, sum(expected_orders), sum(day_count) from truth.demand_factors group by effect"
    ):
        assert effect in EFFECTS
        assert orders == pytest.approx(shape.orders, abs=0.01)
        assert days == 2 * shape.countries * 731


def test_accounts_rest_on_their_country_s_weekend() -> None:
    weekday = effect_factors(scenario_of("small"), "weekday")
    saturday, sunday, friday = 6, 0, 5  # 2024-01-01 was a Monday: positions of 7, 1 and 6 January from the first
    germany, saudi_arabia = 0, 7
    assert weekday[germany, ACCOUNT, [friday, saturday]].max() < 0.2 < weekday[germany, ACCOUNT, sunday]
    assert weekday[saudi_arabia, ACCOUNT, [4, 5]].max() < 0.2 < weekday[saudi_arabia, ACCOUNT, 6]


def test_effects_have_mean_one_where_nothing_else_is_said() -> None:
    for effect in ("weekday", "season"):
        factors = effect_factors(scenario_of("small"), effect)[:, :, :731]
        assert factors.mean(axis=2) == pytest.approx(1.0, abs=0.005)


def test_intensity_is_the_product_of_all_effects() -> None:
    scenario = scenario_of("tiny")
    product = np.ones_like(intensity(scenario))
    for effect in EFFECTS:
        product = product * effect_factors(scenario, effect)
    ratio = intensity(scenario) / product
    assert ratio == pytest.approx(np.broadcast_to(ratio[:, :, :1], ratio.shape))


def test_expected_orders_and_blocks_add_up() -> None:
    scenario = scenario_of("small")
    assert expected_orders(scenario)[:, :, :731].sum() == pytest.approx(scenario.sales.orders)
    cut = blocks(scenario)
    assert [block.first_day for block in cut[1:]] == [block.end_day for block in cut[:-1]]
    assert orders_before(scenario, cut[-1]) == month_totals(scenario)[:-1].sum()


def test_november_and_december_make_a_fifth_of_persons_year() -> None:
    """Fact 1: 16.4 to 19.1 % of all retail, 17 to 24 % asked of a consumer channel."""
    ((share,),) = rows(
        "small",
        """
        select avg((month(o.order_date) >= 11)::integer)
        from oms.orders as o inner join crm.customers as c using (customer_id) where c.customer_type = 'person'
        """,
    )
    assert 0.17 < share < 0.24


def test_accounts_order_in_office_hours() -> None:
    """Fact 7: 78 % from 10 to 16 h, 0.2 % before 8 h."""
    ((core, early),) = rows(
        "small",
        """
        with local_hours as (
            select hour(o.ordered_at + to_minutes(o.utc_offset_minutes)) as h
            from oms.orders as o inner join crm.customers as c using (customer_id) where c.customer_type = 'account'
        )
        select avg((h between 10 and 15)::integer), avg((h < 8)::integer) from local_hours
        """,
    )
    assert core == pytest.approx(0.78, abs=0.01)
    assert early == pytest.approx(0.002, abs=0.001)


def test_customers_are_85_persons_to_15_accounts_and_exact() -> None:
    scenario = scenario_of("small")
    sizes = cell_sizes(scenario)
    assert sizes.sum() == scenario.sales.customers
    assert sizes[:, PERSON].sum() / sizes.sum() == pytest.approx(0.85, abs=0.002)


def test_nobody_orders_before_being_won_or_after_leaving() -> None:
    scenario = scenario_of("small")
    population = population_of(scenario)
    ids = customer_ids(scenario, np.arange(len(population.churn_day)))
    churn = dict(zip(ids.tolist(), population.churn_day.tolist(), strict=True))
    last = rows("small", "select customer_id, max(order_date) - date '2024-01-01' from oms.orders group by customer_id")
    assert all(day < churn[customer] for customer, day in last)
    assert_none(
        "small",
        "select * from oms.orders as o inner join crm.customers as c using (customer_id) where order_date < acquired_on",
    )


def test_few_customers_and_products_make_most_of_the_revenue() -> None:
    """Facts 16 and 17: the top fifth has 74.6 % of a wholesaler's customers' and 79.5 % of products' revenue."""
    top_fifth = """
        with revenue as (
            select {key}, sum(l.net_amount) as amount
            from oms.order_lines as l
            inner join oms.orders as o using (order_id)
            inner join crm.customers as c using (customer_id)
            where o.currency_code = 'EUR' and c.customer_type = 'account' group by {key}
        )
        select sum(amount) filter (where place <= 0.2) / sum(amount)
        from (select amount, percent_rank() over (order by amount desc) as place from revenue)
    """
    assert 0.65 < rows("small", top_fifth.format(key="o.customer_id"))[0][0] < 0.88
    assert 0.65 < rows("small", top_fifth.format(key="l.product_id"))[0][0] < 0.88


def test_accounts_of_five_years_are_no_more_unequal_than_firms_are() -> None:
    """Fact 33, on a quarter of `large`: revenue concentrates as years and orders pass, and no other test has five years."""
    large = scenario_of("large")
    scenario = replace(large, sales=replace(large.sales, orders=large.sales.orders // 4, customers=large.sales.customers // 4))
    rate = dict(zip([currency.code for currency in currencies_of(scenario)], units_per_eur(scenario).mean(axis=0), strict=True))
    units = np.array([rate[country.currency] for country in countries_of(scenario)])
    revenue = np.zeros(scenario.sales.customers)
    for block in blocks(scenario):
        if block.month < horizon_of(scenario).scale_months:
            part = f"{block.month}-{block.shard}"
            orders = draw_orders(scenario, block, part)
            lines, _ = draw_lines(scenario, block, part, orders)
            standing = (orders.kind == ACCOUNT) & (orders.cancel_second < 0)
            amounts = lines.net * standing[lines.order] / units[orders.country[lines.order]]
            revenue += np.bincount(orders.customer[lines.order], amounts, len(revenue))
    earners = np.sort(revenue[revenue > 0])
    with PUBLISHED_FACTS.open(encoding="utf-8") as facts:
        fact = next(fact for fact in csv.DictReader(facts) if fact["fact_id"] == "33")
    top_fifth = earners[-(len(earners) // 5) :].sum() / earners.sum()
    assert float(fact["low"]) < top_fifth < float(fact["high"])
