"""Invoices and payments: what is owed when, and when the money comes.

Persons pay with the order and are charged when it is invoiced. Accounts pay by direct debit on the due date or by bank
transfer, in time or late as is usual in their country (facts 34 to 38), sometimes in two parts, rarely never. What would
happen after the horizon has not happened.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache

import numpy as np
from numpy.typing import NDArray

from generators.calendars import next_working_day, working_mask
from generators.engine.streams import stream
from generators.sales.baskets import minor_unit_of_country
from generators.sales.choices import choice
from generators.sales.countries import countries_of
from generators.sales.effects import ACCOUNT
from generators.sales.horizon import horizon_of
from generators.sales.orders import CLOCK_MARGIN_DAYS, Orders, clock_of
from generators.sales.population import DIRECT_DEBIT_SHARE, PROMPTNESS_SIGMA, population_of
from generators.scenario import Scenario

INVOICE_LAGS = (0.40, 0.30, 0.20, 0.10)  # share of orders invoiced on the first working day after 1, 2, 3, 4 days

METHODS = ("card", "wallet", "bank_transfer", "direct_debit")
CARD, WALLET, BANK_TRANSFER, DIRECT_DEBIT = range(4)
CARD_SHARE = 0.74  # of persons' payments; cards are 73.9 % at a marketplace (fact 41)
NEVER_PAID_SHARE = 0.013  # of accounts' transfers (fact 34)
TWO_PARTS_SHARE = 0.06  # of accounts' transfers
MEAN_DAYS_EARLY = 4.0  # of those that are in time
DAY_SECONDS = 86_400

# Averaged over accounts whose logits scatter by sigma, the share moves towards a half; this factor on the logit undoes it
# (the logistic function as a normal one of standard deviation 1.7).
LOGIT_SPREAD = float(np.sqrt(1 + (PROMPTNESS_SIGMA / 1.7) ** 2))


@dataclass(frozen=True)
class Invoices:
    """By order: whether it is invoiced, when, and until when it is to be paid."""

    exists: NDArray[np.bool_]
    day: NDArray[np.int64]
    due_day: NDArray[np.int64]
    second: NDArray[np.int64]


@dataclass(frozen=True)
class Payments:
    """Payments received before the horizon, in order of their orders. `number` is 1 or 2 within the invoice."""

    order: NDArray[np.int64]
    number: NDArray[np.int64]
    method: NDArray[np.int64]
    amount: NDArray[np.int64]
    day: NDArray[np.int64]
    second: NDArray[np.int64]


@dataclass(frozen=True)
class _WorkingDays:
    """By country and day: the first working day on or after it, and the last one on or before it."""

    following: NDArray[np.int64]
    preceding: NDArray[np.int64]


@cache
def _working_days(scenario: Scenario) -> _WorkingDays:
    horizon = horizon_of(scenario)
    count = horizon.day_count + CLOCK_MARGIN_DAYS
    masks = [working_mask(land.code, land.weekend, horizon.first, count) for land in countries_of(scenario)]
    following = np.stack([np.minimum(next_working_day(mask), count - 1) for mask in masks])
    preceding = np.stack([np.maximum.accumulate(np.where(mask, np.arange(count), 0)) for mask in masks])
    return _WorkingDays(following, preceding)


def _end_second(scenario: Scenario) -> int:
    return horizon_of(scenario).day_count * DAY_SECONDS


def draw_invoices(scenario: Scenario, part: str, orders: Orders) -> Invoices:
    """One invoice for every order that stands, unless it would be dated after the horizon."""
    draws = stream(scenario.seed, "fin.invoices", "lag", part)
    lag = 1 + choice(INVOICE_LAGS, draws.random(len(orders)))
    day = _working_days(scenario).following[orders.country, orders.day + lag]
    local_second = draws.integers(9 * 3600, 17 * 3600, len(orders))
    second, _ = clock_of(scenario).to_utc(orders.country, day, local_second)
    exists = (orders.cancel_second < 0) & (second < _end_second(scenario))
    return Invoices(exists, day, day + population_of(scenario).payment_terms_days[orders.customer], second)


def draw_payments(scenario: Scenario, part: str, orders: Orders, invoices: Invoices, gross: NDArray[np.int64]) -> Payments:
    """The payments of the invoices, in hundredths of their currency like `gross`, which is by order."""

    def draws(purpose: str) -> np.random.Generator:
        return stream(scenario.seed, "fin.payments", purpose, part)

    count, clock = len(orders), clock_of(scenario)
    population = population_of(scenario)
    is_account = orders.kind == ACCOUNT
    charged = np.where(draws("method").random(count) < CARD_SHARE, CARD, WALLET)
    transferred = np.where(population.has_direct_debit[orders.customer], DIRECT_DEBIT, BANK_TRANSFER)
    method = np.where(is_account, transferred, charged)
    by_transfer = method == BANK_TRANSFER

    first_day = np.where(is_account, _account_days(scenario, orders, invoices, by_transfer, draws("delay")), invoices.day)
    bank_second, _ = clock.to_utc(orders.country, first_day, draws("time").integers(8 * 3600, 16 * 3600, count))
    charge_second = invoices.second + draws("charge").integers(5, 1_800, count)
    first_second = np.where(is_account, bank_second, charge_second)

    never = by_transfer & (draws("never").random(count) < NEVER_PAID_SHARE)
    in_two = by_transfer & (draws("two_parts").random(count) < TWO_PARTS_SHARE)
    minor_unit = minor_unit_of_country(scenario)[orders.country]
    percent = draws("share").integers(30, 71, count)
    part_amount = gross // minor_unit * percent // 100 * minor_unit
    in_two &= part_amount > 0
    first_amount = np.where(in_two, part_amount, gross)

    pause = draws("pause").integers(10, 41, count)
    second_day = _following(scenario, orders.country, first_day + pause)
    second_second, _ = clock.to_utc(orders.country, second_day, draws("second_time").integers(8 * 3600, 16 * 3600, count))

    paid = invoices.exists & ~never & (gross > 0)
    order = np.concatenate([np.flatnonzero(paid), np.flatnonzero(paid & in_two)])
    number = np.repeat([1, 2], [int(paid.sum()), int((paid & in_two).sum())])
    first = number == 1
    second = np.where(first, first_second[order], second_second[order])
    received = np.flatnonzero(second < _end_second(scenario))
    received = received[np.lexsort((number[received], order[received]))]
    order, number, first = order[received], number[received], first[received]
    return Payments(
        order=order,
        number=number,
        method=method[order],
        amount=np.where(first, first_amount[order], gross[order] - first_amount[order]),
        day=np.where(first, first_day[order], second_day[order]),
        second=second[received],
    )


def _account_days(
    scenario: Scenario,
    orders: Orders,
    invoices: Invoices,
    by_transfer: NDArray[np.bool_],
    draws: np.random.Generator,
) -> NDArray[np.int64]:
    """The working day on which the bank books an account's payment, after the invoice's."""
    lands = countries_of(scenario)
    prompt_share = np.array([land.prompt_share for land in lands])[orders.country]
    # Debits are always in time, transfers that never come or come in two parts are not.
    whole_share = (1 - DIRECT_DEBIT_SHARE) * (1 - NEVER_PAID_SHARE - TWO_PARTS_SHARE)
    by_transfer_prompt = (prompt_share - DIRECT_DEBIT_SHARE) / whole_share
    usual = LOGIT_SPREAD * np.log(by_transfer_prompt / (1 - by_transfer_prompt))
    logit = usual + population_of(scenario).promptness[orders.customer]
    in_time = draws.random(len(orders)) < 1 / (1 + np.exp(-logit))
    days_early = (draws.standard_exponential(len(orders)) * MEAN_DAYS_EARLY).astype(np.int64)
    mean_late = np.array([land.days_late for land in lands])[orders.country]
    days_late = 1 + (draws.standard_exponential(len(orders)) * mean_late).astype(np.int64)
    due = _in_table(scenario, invoices.due_day - np.where(by_transfer, days_early, 0))
    booked_in_time = _working_days(scenario).preceding[orders.country, due]
    booked_late = _following(scenario, orders.country, invoices.due_day + days_late)
    earliest = _following(scenario, orders.country, invoices.day + 1)
    return np.maximum(np.where(by_transfer & ~in_time, booked_late, booked_in_time), earliest)


def _following(scenario: Scenario, country: NDArray[np.int64], day: NDArray[np.int64]) -> NDArray[np.int64]:
    return np.asarray(_working_days(scenario).following[country, _in_table(scenario, day)])


def _in_table(scenario: Scenario, day: NDArray[np.int64]) -> NDArray[np.int64]:
    """Days beyond the calendar's end are far beyond the horizon: which one of them no longer matters."""
    return np.minimum(day, horizon_of(scenario).day_count + CLOCK_MARGIN_DAYS - 1)
