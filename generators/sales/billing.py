"""Invoices and payments: what is owed when, and when the money comes.

Every shipment is invoiced. Persons pay with the order and are charged when it is invoiced. Accounts pay by direct debit on the
due date or by bank transfer, in time or late as is usual in their country (facts 34 to 38), sometimes in two parts, sometimes
for the two invoices of an order at once, rarely never.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from generators.engine.columns import rows_of
from generators.engine.plan import Chunk
from generators.engine.streams import stream
from generators.sales.baskets import Lines, minor_unit_of_country
from generators.sales.countries import countries_of
from generators.sales.effects import ACCOUNT
from generators.sales.fulfilment import Shipments, shipment_ids
from generators.sales.horizon import horizon_of
from generators.sales.labels import labelled
from generators.sales.moments import (
    country_labels,
    dates,
    following_working_day,
    in_calendar,
    moments,
    utc_seconds,
    working_days_of,
)
from generators.sales.money import share_of
from generators.sales.orders import Orders
from generators.sales.population import DIRECT_DEBIT_SHARE, PROMPTNESS_SIGMA, customer_ids, population_of
from generators.sales.products import range_of
from generators.sales.taxes import tax_rates_by_day
from generators.scenario import Scenario

METHODS = ("card", "wallet", "bank_transfer", "direct_debit")
CARD, WALLET, BANK_TRANSFER, DIRECT_DEBIT = range(4)
CARD_SHARE = 0.74  # of persons' payments; cards are 73.9 % at a marketplace (fact 41)
NEVER_PAID_SHARE = 0.013  # of accounts' transfers (fact 34)
TWO_PARTS_SHARE = 0.06  # of accounts' transfers
AT_ONCE_SHARE = 0.5  # of accounts' orders with two invoices
MEAN_DAYS_EARLY = 4.0  # of those that are in time
VERY_LATE_DAYS, MEAN_DAYS_BEYOND = 90, 40.0  # days late at least, and beyond them, of the very late

# Averaged over accounts whose logits scatter by sigma, the share moves towards a half; this factor on the logit undoes it
# (the logistic function as a normal one of standard deviation 1.7).
LOGIT_SPREAD = float(np.sqrt(1 + (PROMPTNESS_SIGMA / 1.7) ** 2))


@dataclass(frozen=True)
class Invoices:
    """By shipment: when it is invoiced and until when it is to be paid. Amounts in hundredths, some by line."""

    day: NDArray[np.int64]
    due_day: NDArray[np.int64]
    second: NDArray[np.int64]
    line_tax_rate: NDArray[np.int64]
    line_tax: NDArray[np.int64]
    net: NDArray[np.int64]
    tax: NDArray[np.int64]

    @property
    def gross(self) -> NDArray[np.int64]:
        """Amounts to pay."""
        return self.net + self.tax


@dataclass(frozen=True)
class Payments:
    """Payments by invoice in order of their shipments. `number` counts within the order; two invoices may share a payment."""

    shipment: NDArray[np.int64]
    number: NDArray[np.int64]
    method: NDArray[np.int64]
    amount: NDArray[np.int64]
    day: NDArray[np.int64]
    second: NDArray[np.int64]

    def settled_on(self, shipments: int) -> NDArray[np.int64]:
        """By shipment: the day of the last payment of its invoice; -1 when it is never paid."""
        day = np.full(shipments, -1)
        np.maximum.at(day, self.shipment, self.day)
        return day


def invoice_ids(orders: Orders, shipments: Shipments) -> NDArray[np.int64]:
    """The number of a shipment's invoice: a hundred times the order's, plus the shipment's place within it."""
    return orders.order_id[shipments.order] * 100 + shipments.number


def draw_invoices(scenario: Scenario, part: str, orders: Orders, lines: Lines, shipments: Shipments) -> Invoices:
    """One invoice for every shipment, on the customer's first working day after it, taxed as on that day."""
    country = orders.country[shipments.order]
    day = following_working_day(scenario, country, shipments.day + 1)
    time = stream(scenario.seed, "fin.invoices", "time", part).integers(9 * 3600, 17 * 3600, len(shipments))
    terms = population_of(scenario).payment_terms_days[orders.customer[shipments.order]]

    taxed_on = np.minimum(day, horizon_of(scenario).day_count - 1)[shipments.of_line]
    line_country = country[shipments.of_line]
    rate = tax_rates_by_day(scenario)[line_country, lines.tax_class[shipments.line], taxed_on]
    line_tax = share_of(lines.net[shipments.line], rate, minor_unit_of_country(scenario)[line_country])
    return Invoices(
        day=day,
        due_day=day + terms,
        second=utc_seconds(scenario, country, day, time),
        line_tax_rate=rate,
        line_tax=line_tax,
        net=_sums(shipments, lines.net[shipments.line]),
        tax=_sums(shipments, line_tax),
    )


def _sums(shipments: Shipments, amounts: NDArray[np.int64]) -> NDArray[np.int64]:
    sums = np.zeros(len(shipments), dtype=np.int64)
    np.add.at(sums, shipments.of_line, amounts)
    return sums


def draw_payments(scenario: Scenario, part: str, orders: Orders, shipments: Shipments, invoices: Invoices) -> Payments:
    """The payments of the invoices, in hundredths of their currency."""

    def draws(purpose: str) -> np.random.Generator:
        return stream(scenario.seed, "fin.payments", purpose, part)

    count = len(shipments)
    gross, country = invoices.gross, orders.country[shipments.order]
    method = _methods(scenario, orders, draws("method").random(len(orders)))[shipments.order]
    is_account = orders.kind[shipments.order] == ACCOUNT
    by_transfer = method == BANK_TRANSFER

    usual_day = _account_days(scenario, orders, shipments, invoices, by_transfer, draws("delay"))
    never = by_transfer & (draws("never").random(count) < NEVER_PAID_SHARE)
    in_two = by_transfer & (draws("two_parts").random(count) < TWO_PARTS_SHARE)
    minor_unit = minor_unit_of_country(scenario)[country]
    part_amount = gross // minor_unit * draws("share").integers(30, 71, count) // 100 * minor_unit
    in_two &= part_amount > 0
    first_day = np.where(is_account, usual_day, invoices.day)
    whole = by_transfer & ~never & ~in_two
    at_once = _paid_at_once(shipments, invoices, first_day, whole, draws("at_once").random(len(orders)))
    first_day[at_once] = first_day[at_once - 1]

    bank_second = utc_seconds(scenario, country, first_day, draws("time").integers(8 * 3600, 16 * 3600, count))
    bank_second[at_once - 1] = bank_second[at_once]
    first_second = np.where(is_account, bank_second, invoices.second + draws("charge").integers(5, 1_800, count))
    first_number = 2 * shipments.number - 1
    first_number[at_once - 1] = first_number[at_once]
    second_day = following_working_day(scenario, country, first_day + draws("pause").integers(10, 41, count))
    second_second = utc_seconds(scenario, country, second_day, draws("second_time").integers(8 * 3600, 16 * 3600, count))

    paid = ~never & (gross > 0)
    shipment = np.repeat(np.arange(count), paid * (1 + in_two))
    is_first = np.diff(shipment, prepend=-1) > 0
    first_amount = np.where(in_two, part_amount, gross)
    return Payments(
        shipment=shipment,
        number=np.where(is_first, first_number[shipment], 2 * shipments.number[shipment]),
        method=method[shipment],
        amount=np.where(is_first, first_amount[shipment], (gross - first_amount)[shipment]),
        day=np.where(is_first, first_day[shipment], second_day[shipment]),
        second=np.where(is_first, first_second[shipment], second_second[shipment]),
    )


def _methods(scenario: Scenario, orders: Orders, uniform: NDArray[np.float64]) -> NDArray[np.int64]:
    charged = np.where(uniform < CARD_SHARE, CARD, WALLET)
    transferred = np.where(population_of(scenario).has_direct_debit[orders.customer], DIRECT_DEBIT, BANK_TRANSFER)
    return np.where(orders.kind == ACCOUNT, transferred, charged)


def _paid_at_once(
    shipments: Shipments,
    invoices: Invoices,
    day: NDArray[np.int64],
    whole: NDArray[np.bool_],
    uniform: NDArray[np.float64],
) -> NDArray[np.int64]:
    """Positions of second shipments whose invoice was there when the first one's was paid, and is paid with it."""
    second = np.flatnonzero(shipments.number == 2)
    together = whole[second] & whole[second - 1] & (uniform[shipments.order[second]] < AT_ONCE_SHARE)
    return second[together & (day[second - 1] > invoices.day[second])]


def _account_days(
    scenario: Scenario,
    orders: Orders,
    shipments: Shipments,
    invoices: Invoices,
    by_transfer: NDArray[np.bool_],
    draws: np.random.Generator,
) -> NDArray[np.int64]:
    """The working day on which the bank books an account's payment, after the invoice's."""
    lands, country, count = countries_of(scenario), orders.country[shipments.order], len(shipments)
    prompt_share = np.array([land.prompt_share for land in lands])[country]
    # Debits are always in time, transfers that never come or come in two parts are not.
    whole_share = (1 - DIRECT_DEBIT_SHARE) * (1 - NEVER_PAID_SHARE - TWO_PARTS_SHARE)
    by_transfer_prompt = (prompt_share - DIRECT_DEBIT_SHARE) / whole_share
    usual = LOGIT_SPREAD * np.log(by_transfer_prompt / (1 - by_transfer_prompt))
    logit = usual + population_of(scenario).promptness[orders.customer[shipments.order]]
    in_time = draws.random(count) < 1 / (1 + np.exp(-logit))
    if "late_payment" in scenario.without:
        in_time[:] = True
    days_early = (draws.standard_exponential(count) * MEAN_DAYS_EARLY).astype(np.int64)
    mean_late = np.array([land.days_late for land in lands])[country]
    days_late = 1 + (draws.standard_exponential(count) * mean_late).astype(np.int64)
    very_late_share = np.array([land.very_late_share for land in lands])[country] / (1 - prompt_share)
    very_late = draws.random(count) < very_late_share
    days_beyond = (draws.standard_exponential(count) * MEAN_DAYS_BEYOND).astype(np.int64)
    days_late = np.where(very_late, 1 + VERY_LATE_DAYS + days_beyond, days_late)
    due = in_calendar(scenario, invoices.due_day - np.where(by_transfer, days_early, 0))
    booked_in_time = working_days_of(scenario).preceding[country, due]
    booked_late = following_working_day(scenario, country, invoices.due_day + days_late)
    earliest = following_working_day(scenario, country, invoices.day + 1)
    return np.maximum(np.where(by_transfer & ~in_time, booked_late, booked_in_time), earliest)


def billing_chunks(
    scenario: Scenario,
    path: str,
    orders: Orders,
    lines: Lines,
    shipments: Shipments,
    invoices: Invoices,
    payments: Payments,
) -> list[Chunk]:
    """The rows of invoices, payments and what the payments settle."""
    settled_on = dates(scenario, payments.day)
    first = np.flatnonzero(np.diff(payment_ids(orders, shipments, payments), prepend=0))  # of neighbours that share a payment
    return [
        Chunk(
            "fin.invoices",
            path,
            _invoice_rows(scenario, orders, shipments, invoices),
            dates(scenario, invoices.day),
        ),
        Chunk(
            "fin.invoice_lines",
            path,
            _line_rows(scenario, orders, lines, shipments, invoices),
            dates(scenario, invoices.day[shipments.of_line]),
        ),
        Chunk("fin.payments", path, _payment_rows(scenario, orders, shipments, payments, first), settled_on[first]),
        Chunk("fin.payment_allocations", path, _allocation_rows(scenario, orders, shipments, payments), settled_on),
    ]


def payment_ids(orders: Orders, shipments: Shipments, payments: Payments) -> NDArray[np.int64]:
    """Numbers of payments: a hundred times the order's, plus the number within it."""
    return orders.order_id[shipments.order[payments.shipment]] * 100 + payments.number


def _invoice_rows(scenario: Scenario, orders: Orders, shipments: Shipments, invoices: Invoices) -> pa.Table:
    invoiced_at = moments(scenario, invoices.second)
    count = len(shipments)
    return rows_of(
        "fin.invoices",
        {
            "invoice_id": invoice_ids(orders, shipments),
            "invoice_type": pa.repeat("invoice", count),
            "order_id": orders.order_id[shipments.order],
            "shipment_id": shipment_ids(orders, shipments),
            "return_id": pa.nulls(count, pa.int64()),
            "customer_id": customer_ids(scenario, orders.customer[shipments.order]),
            "currency_code": country_labels(scenario, "currency", orders.country[shipments.order]),
            "net_amount": invoices.net,
            "tax_amount": invoices.tax,
            "gross_amount": invoices.gross,
            "invoice_date": dates(scenario, invoices.day),
            "due_date": dates(scenario, invoices.due_day),
            "invoiced_at": invoiced_at,
            "created_at": invoiced_at,
            "updated_at": invoiced_at,
        },
    )


def _line_rows(scenario: Scenario, orders: Orders, lines: Lines, shipments: Shipments, invoices: Invoices) -> pa.Table:
    invoiced_at = moments(scenario, invoices.second[shipments.of_line])
    net = lines.net[shipments.line]
    return rows_of(
        "fin.invoice_lines",
        {
            "invoice_id": invoice_ids(orders, shipments)[shipments.of_line],
            "line_no": lines.line_no[shipments.line],
            "order_id": orders.order_id[lines.order[shipments.line]],
            "product_id": range_of(scenario).product_ids.take(pa.array(lines.product[shipments.line])),
            "quantity": lines.quantity[shipments.line],
            "net_amount": net,
            "tax_rate": invoices.line_tax_rate,
            "tax_amount": invoices.line_tax,
            "gross_amount": net + invoices.line_tax,
            "created_at": invoiced_at,
            "updated_at": invoiced_at,
        },
    )


def _payment_rows(
    scenario: Scenario, orders: Orders, shipments: Shipments, payments: Payments, first: NDArray[np.int64]
) -> pa.Table:
    """One row per payment; `first` has the position of the first invoice that each settles."""
    amount = np.add.reduceat(payments.amount, first)
    order = shipments.order[payments.shipment[first]]
    received_at = moments(scenario, payments.second[first])
    return rows_of(
        "fin.payments",
        {
            "payment_id": payment_ids(orders, shipments, payments)[first],
            "payment_type": pa.repeat("payment", len(first)),
            "customer_id": customer_ids(scenario, orders.customer[order]),
            "currency_code": country_labels(scenario, "currency", orders.country[order]),
            "payment_method": labelled(METHODS, payments.method[first]),
            "paid_amount": amount,
            "received_date": dates(scenario, payments.day[first]),
            "received_at": received_at,
            "created_at": received_at,
            "updated_at": received_at,
        },
    )


def _allocation_rows(scenario: Scenario, orders: Orders, shipments: Shipments, payments: Payments) -> pa.Table:
    received_at = moments(scenario, payments.second)
    return rows_of(
        "fin.payment_allocations",
        {
            "payment_id": payment_ids(orders, shipments, payments),
            "invoice_id": invoice_ids(orders, shipments)[payments.shipment],
            "allocated_amount": payments.amount,
            "created_at": received_at,
            "updated_at": received_at,
        },
    )
