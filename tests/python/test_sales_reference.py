"""Reference and master data: rates as published, currencies without gaps, numbers that do not tell the order of things."""

from datetime import date

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from generators.sales.countries import COUNTRIES
from generators.sales.exchange import QUOTES, fixing_dates
from generators.sales.identifiers import scrambled
from generators.sales.identities import IDENTITIES
from generators.sales.prices import rounded_prices
from generators.sales.taxes import RATES, rate_steps
from tests.python.sales_tables import assert_none, rows, scenario_of

# Fact 46: standard rates as of 2025-08-01, in per cent.
PUBLISHED = {
    "DE": 19, "FR": 20, "IT": 22, "ES": 21, "NL": 21, "BE": 21, "SE": 25, "DK": 25, "PL": 23, "HU": 27, "IE": 23, "AT": 20,
    "PT": 23, "GR": 24, "CZ": 21, "LU": 17, "FI": 25.5, "RO": 21, "GB": 20, "CH": 8.1, "NO": 25, "TR": 20, "AU": 10, "NZ": 15,
    "JP": 10, "KR": 10, "SG": 9, "CN": 13, "MX": 16, "ZA": 15, "AE": 5, "SA": 15, "CL": 19, "CO": 19, "IN": 18, "SK": 23,
    "EE": 24, "TH": 7,
}  # fmt: skip

# Fact 47: dated changes of the standard rate, in per cent.
CHANGES = [
    ("DE", "2020-06-30", 19), ("DE", "2020-07-01", 16), ("DE", "2020-12-31", 16), ("DE", "2021-01-01", 19),
    ("IE", "2020-08-31", 23), ("IE", "2020-09-01", 21), ("IE", "2021-03-01", 23), ("FI", "2024-08-31", 24),
    ("FI", "2024-09-01", 25.5), ("LU", "2023-06-01", 16), ("LU", "2024-01-01", 17), ("SK", "2024-12-31", 20),
    ("SK", "2025-01-01", 23), ("EE", "2025-06-30", 22), ("EE", "2025-07-01", 24), ("RO", "2025-07-31", 19),
    ("RO", "2025-08-01", 21),
]  # fmt: skip


def standard_rate(country_code: str, day: date) -> int:
    return [rate for first, rate in rate_steps(country_code, "standard") if first <= day][-1]


@pytest.mark.parametrize("country_code", PUBLISHED)
def test_standard_rates_are_the_published_ones(country_code: str) -> None:
    assert standard_rate(country_code, date(2025, 12, 31)) == round(PUBLISHED[country_code] * 10_000)


@pytest.mark.parametrize(("country_code", "day", "percent"), CHANGES)
def test_rates_change_on_the_published_days(country_code: str, day: str, percent: float) -> None:
    assert standard_rate(country_code, date.fromisoformat(day)) == round(percent * 10_000)


def test_every_country_is_described_everywhere() -> None:
    codes = [country.code for country in COUNTRIES]
    assert len(set(codes)) == 40
    assert set(codes) == set(RATES) == set(IDENTITIES)
    assert {country.currency for country in COUNTRIES} | {"EUR"} == set(QUOTES)


def test_each_currency_is_quoted_on_every_business_day() -> None:
    found = rows(
        "small",
        """
        select currency_code, count(*), min(rate_date), max(rate_date), bool_and(isodow(rate_date) <= 5)
        from ref.fx_rates group by currency_code
        """,
    )
    business_days = int(np.busday_count(date(2024, 1, 1), date(2026, 1, 1)))
    currencies = rows("small", "select count(*) from ref.currencies")[0][0]
    assert len(found) == currencies
    assert all(row[1:] == (business_days, date(2024, 1, 1), date(2025, 12, 31), True) for row in found)


def test_the_first_day_of_sales_has_a_rate_even_on_a_weekend() -> None:
    """2023-01-01 was a Sunday."""
    assert fixing_dates(scenario_of("medium"))[0] == np.datetime64("2022-12-30")


def test_cross_rates_agree_and_the_euro_is_one() -> None:
    """All quotes are against the euro, so a cross rate by way of a third currency is the direct one, to rounding."""
    assert_none("small", "select * from ref.fx_rates where currency_code = 'EUR' and units_per_eur <> 1")
    assert_none(
        "small",
        """
        with r as (pivot ref.fx_rates on currency_code using any_value(units_per_eur::double) group by rate_date)
        select * from r where abs((JPY / GBP) * (GBP / USD) - JPY / USD) > 1e-9 * JPY / USD
        """,
    )


@pytest.mark.parametrize(("currency_code", "volatility"), [("EUR", 8.4), ("GBP", 9.3), ("JPY", 10.8), ("AUD", 11.9)])
def test_annual_volatility_against_the_dollar_is_the_published_one(currency_code: str, volatility: float) -> None:
    """Fact 26, within its band of 30 %."""
    found = rows(
        "small",
        f"""
        with r as (
            select c.rate_date, ln((c.units_per_eur / d.units_per_eur)::double) as log_rate
            from ref.fx_rates as c
            inner join ref.fx_rates as d on c.rate_date = d.rate_date and d.currency_code = 'USD'
            where c.currency_code = '{currency_code}'
        )
        select 100 * sqrt(260) * stddev(step)
        from (select log_rate - lag(log_rate) over (order by rate_date) as step from r)
        """,
    )
    assert found[0][0] == pytest.approx(volatility, rel=0.3)


def test_holidays_are_the_country_s_own() -> None:
    assert rows(
        "small",
        "select holiday_name from ref.country_holidays where country_code = 'DE' and holiday_date = date '2025-10-03'",
    ) == [("German Unity Day",)]
    assert rows("small", "select count(*) from ref.country_holidays where country_code = 'US' and year(holiday_date) = 2025")[
        0
    ][0] in (11, 12)


@given(bits=st.integers(2, 12), seed=st.integers(0, 2**32))
def test_scrambling_is_a_bijection(bits: int, seed: int) -> None:
    scrambled_all = scrambled(np.arange(1 << bits), bits, seed, "test")
    assert sorted(scrambled_all.tolist()) == list(range(1 << bits))


def test_customer_numbers_do_not_tell_the_order_of_acquisition() -> None:
    ((correlation,),) = rows("small", "select corr(customer_id, acquired_on - date '2000-01-01') from crm.customers")
    assert abs(correlation) < 0.05


@given(target=st.floats(50, 1e7), uniform=st.floats(0, 0.999), currency_code=st.sampled_from(["EUR", "USD", "JPY"]))
def test_prices_stay_near_their_target_and_end_as_the_market_likes(target: float, uniform: float, currency_code: str) -> None:
    step = 10_000 if currency_code == "JPY" else 100
    price = int(rounded_prices(np.array([target * step / 100]), currency_code, np.array([uniform]), scenario_of("tiny"))[0])
    assert price > 0
    assert abs(price - target * step / 100) <= (5.5 * step if target >= 10_000 else 0.6 * step)
    if currency_code == "JPY":
        assert price % 100 == 0


def test_names_addresses_and_mail_are_complete_and_unique_where_they_must_be() -> None:
    assert_none("small", "select email from crm.customers group by email having count(*) > 1")
    assert_none("small", "select email from crm.sales_reps group by email having count(*) > 1")
    assert_none("small", "select * from crm.customers where not regexp_matches(email, '^[a-z0-9.@-]+$')")
    assert_none("small", "select * from crm.customers where trim(customer_name) = '' or trim(phone_number) = ''")
    assert_none("small", "select * from crm.customer_addresses where trim(street_address) = '' or contains(city, chr(10))")


def test_territories_form_one_tree_and_managers_do_too() -> None:
    assert_none(
        "small",
        """
        select child.*
        from crm.territories as child
        left join crm.territories as parent on child.parent_territory_id = parent.territory_id
        where child.territory_level <> coalesce(parent.territory_level, 0) + 1
            or (child.territory_level = 3) <> (child.country_code is not null)
        """,
    )
    assert rows("small", "select count(*) from crm.sales_reps where manager_rep_id is null") == [(1,)]
    assert_none(
        "small",
        """
        select * from crm.territory_assignments as a inner join crm.sales_reps as r using (rep_id)
        where a.effective_from <= r.hired_on and a.assignment_status = 'ended'
        """,
    )


def test_changes_begin_with_what_the_customer_had() -> None:
    """The first change of an attribute starts from the customer's own row, the next from the change before it."""
    for attribute, column in (("rep_id", "rep_id::varchar"), ("email", "email"), ("phone_number", "phone_number")):
        ((count,),) = rows("small", f"select count(*) from crm.customer_changes where changed_attribute = '{attribute}'")
        assert count > 100
        assert_none(
            "small",
            f"""
            select * from (
                select ch.*, lag(new_value, 1, c.{column}) over (partition by customer_id order by change_seq) as before
                from crm.customer_changes as ch inner join crm.customers as c using (customer_id)
                where changed_attribute = '{attribute}'
            )
            where old_value <> before or new_value = old_value
            """,
        )


def test_changes_are_as_rare_as_they_should_be() -> None:
    """Four of a hundred persons a year change their address of e-mail, three of a hundred customers their number."""
    for attribute, yearly, whose in (("email", 0.04 * 2 / 3, "where customer_type = 'person'"), ("phone_number", 0.03, "")):
        ((share,),) = rows(
            "small",
            f"""
            select (select count(*) from crm.customer_changes where changed_attribute = '{attribute}')
                / sum((date '2026-01-01' - greatest(acquired_on, date '2024-01-01')) / 365)
            from crm.customers {whose}
            """,
        )
        assert share == pytest.approx(yearly, rel=0.2)
