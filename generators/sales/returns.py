"""Returns: what comes back, why, when, and how it is credited and refunded."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from generators.engine.columns import rows_of
from generators.engine.plan import Chunk
from generators.engine.streams import stream
from generators.sales.baskets import Lines, minor_unit_of_country
from generators.sales.billing import METHODS, Invoices, Payments
from generators.sales.choices import choice
from generators.sales.effects import ACCOUNT, PERSON
from generators.sales.fulfilment import Shipments, shipment_ids
from generators.sales.groups import grouped
from generators.sales.horizon import NEVER
from generators.sales.labels import labelled
from generators.sales.moments import country_labels, dates, following_working_day, moments, utc_seconds
from generators.sales.money import share_of
from generators.sales.orders import Orders
from generators.sales.population import customer_ids
from generators.sales.products import range_of
from generators.sales.warehouses import warehouses_of
from generators.scenario import Scenario

# Days from delivery to arrival: a log-normal law whose median is 9 days and whose 90th percentile is 65 (fact 11).
MEDIAN_LAG_DAYS, LAG_SIGMA, LONGEST_LAG_DAYS = 9.0, 1.35, 180
FULL_QUANTITY_SHARE = 0.35  # of returned lines with more than one unit (fact 11)
PARCEL_SHARE = 0.8  # of lines stay or go back with the others of their parcel; for the rest the article decides
# Accounts send less back, but more of what they have bought much of, the rest that they cannot sell: 1.7 % of lines with 8.4 %
# of the value (fact 10). The factor on the return rate of persons is of one unit, and grows with quantity to the power.
ACCOUNT_FACTOR, ACCOUNT_QUANTITY_POWER = 0.041, 0.85
HIGHEST_RATE = 0.5
HOLIDAY_FACTOR = 1.15  # on orders of November and December; what is bought then makes the rest of 17 % more (fact 30)
REASONS = (("changed_mind", 0.38), ("does_not_fit", 0.30), ("defective", 0.17), ("wrong_item", 0.09), ("arrived_late", 0.06))
DAMAGED_SHARE = 0.22
FIRST_CREDIT_NUMBER = 50  # credit notes and refunds are numbered from here within their order


@dataclass(frozen=True)
class Returns:
    """Returns in order of their shipments, at most one of each. Days are local: request and credit at the customer.

    `line` has the positions of the returned lines among those of the shipments, `of_line` the return of each.
    Amounts in hundredths, positive. `refund_day` is NEVER where nothing was paid.
    """

    shipment: NDArray[np.int64]
    reason: NDArray[np.int64]
    requested_day: NDArray[np.int64]
    day: NDArray[np.int64]  # local at the warehouse
    second: NDArray[np.int64]
    credit_day: NDArray[np.int64]
    credit_second: NDArray[np.int64]
    refund_day: NDArray[np.int64]
    refund_second: NDArray[np.int64]
    method: NDArray[np.int64]
    line: NDArray[np.int64]
    of_line: NDArray[np.int64]
    quantity: NDArray[np.int64]
    is_damaged: NDArray[np.bool_]
    line_net: NDArray[np.int64]
    line_tax_rate: NDArray[np.int64]
    line_tax: NDArray[np.int64]

    def __len__(self) -> int:
        return len(self.shipment)

    def sums(self, amounts: NDArray[np.int64]) -> NDArray[np.int64]:
        """Sums of line amounts by return."""
        sums = np.zeros(len(self), dtype=np.int64)
        np.add.at(sums, self.of_line, amounts)
        return sums


def draw_returns(
    scenario: Scenario,
    part: str,
    orders: Orders,
    lines: Lines,
    shipments: Shipments,
    invoices: Invoices,
    payments: Payments,
) -> Returns:
    """What comes back of the delivered shipments. A return is credited when it has arrived, and refunded if it was paid."""

    def draws(purpose: str) -> np.random.Generator:
        return stream(scenario.seed, "rma.returns", purpose, part)

    by_parcel = draws("together").random(len(shipments.line)) < PARCEL_SHARE
    parcel = draws("parcel").random(len(shipments))[shipments.of_line]
    chance = np.where(by_parcel, parcel, draws("line").random(len(shipments.line)))
    line = np.flatnonzero(chance < _return_rates(scenario, orders, lines, shipments))
    shipment, of_line = grouped(shipments.of_line[line], len(shipments))
    order = shipments.order[shipment]
    country, place = orders.country[order], warehouses_of(scenario).country[shipments.warehouse[shipment]]

    numbers = draws("when").random((len(shipments), 6))[shipment]
    scatter = draws("lag").standard_normal(len(shipments))[shipment]
    lag = np.minimum(MEDIAN_LAG_DAYS * np.exp(LAG_SIGMA * scatter), LONGEST_LAG_DAYS).astype(np.int64)
    requested_day = shipments.delivered_day[shipment] + 1 + lag // 2
    day = following_working_day(scenario, place, shipments.delivered_day[shipment] + np.maximum(2, lag))
    day = np.maximum(day, following_working_day(scenario, place, requested_day + 1))
    credit_day = following_working_day(scenario, country, day + 1 + (numbers[:, 1] * 3).astype(np.int64))

    settled_on = payments.settled_on(len(shipments))[shipment]
    is_account = orders.kind[order] == ACCOUNT
    pause = 1 + (numbers[:, 2] * np.where(is_account, 15, 4)).astype(np.int64)
    refund_day = following_working_day(scenario, country, np.maximum(credit_day, settled_on) + pause)

    full = lines.quantity[shipments.line[line]]
    share = draws("quantity").random((len(shipments.line), 3))[line]
    part_of_it = 1 + (share[:, 1] * (full - 1)).astype(np.int64)
    quantity = np.where(share[:, 0] < FULL_QUANTITY_SHARE, full, part_of_it)
    minor_unit = minor_unit_of_country(scenario)[country[of_line]]
    net = lines.net[shipments.line[line]] * quantity // full // minor_unit * minor_unit
    tax = share_of(net, invoices.line_tax_rate[line], minor_unit)
    whole = quantity == full
    method = np.full(len(shipments), -1)
    method[payments.shipment] = payments.method
    return Returns(
        shipment=shipment,
        reason=choice([weight for _, weight in REASONS], numbers[:, 3]),
        requested_day=requested_day,
        day=day,
        second=utc_seconds(scenario, place, day, (8 * 3600 + numbers[:, 0] * 8 * 3600).astype(np.int64)),
        credit_day=credit_day,
        credit_second=utc_seconds(scenario, country, credit_day, (9 * 3600 + numbers[:, 4] * 8 * 3600).astype(np.int64)),
        refund_day=np.where(settled_on >= 0, refund_day, NEVER),
        refund_second=utc_seconds(scenario, country, refund_day, (8 * 3600 + numbers[:, 5] * 8 * 3600).astype(np.int64)),
        method=method[shipment],
        line=line,
        of_line=of_line,
        quantity=quantity,
        is_damaged=share[:, 2] < DAMAGED_SHARE,
        line_net=np.where(whole, lines.net[shipments.line[line]], net),
        line_tax_rate=invoices.line_tax_rate[line],
        line_tax=np.where(whole, invoices.line_tax[line], tax),
    )


def _return_rates(scenario: Scenario, orders: Orders, lines: Lines, shipments: Shipments) -> NDArray[np.float64]:
    """The chance of each line of the shipments to come back; 0 where it never arrived."""
    if "return" in scenario.without:
        return np.zeros(len(shipments.line))
    order = lines.order[shipments.line]
    rate = range_of(scenario).return_rate[lines.product[shipments.line]]
    of_account = ACCOUNT_FACTOR * lines.quantity[shipments.line] ** ACCOUNT_QUANTITY_POWER
    rate = rate * np.where(orders.kind[order] == PERSON, 1.0, of_account)
    month = dates(scenario, orders.day).astype("datetime64[M]").astype(np.int64) % 12
    rate = rate * np.where(month[order] >= 10, HOLIDAY_FACTOR, 1.0)
    return np.where(shipments.delivered_day[shipments.of_line] < NEVER, np.minimum(rate, HIGHEST_RATE), 0.0)


def return_ids(orders: Orders, shipments: Shipments, returns: Returns) -> NDArray[np.int64]:
    """The number of a return: that of its shipment."""
    return shipment_ids(orders, shipments)[returns.shipment]


def return_chunks(
    scenario: Scenario, path: str, orders: Orders, lines: Lines, shipments: Shipments, returns: Returns
) -> list[Chunk]:
    """The rows of returns, their credit notes and their refunds."""
    context = (scenario, orders, lines, shipments, returns)
    paid = np.flatnonzero((returns.refund_day < NEVER) & (returns.sums(returns.line_net + returns.line_tax) > 0))
    arrived, credited = dates(scenario, returns.day), dates(scenario, returns.credit_day)
    refunded = dates(scenario, returns.refund_day[paid])
    credit_path = path.replace("part-", "part-credit-")
    return [
        Chunk("rma.returns", path, _return_rows(*context), arrived),
        Chunk("rma.return_lines", path, _return_line_rows(*context), arrived[returns.of_line]),
        Chunk("fin.invoices", credit_path, _credit_rows(*context), credited),
        Chunk("fin.invoice_lines", credit_path, _credit_line_rows(*context), credited[returns.of_line]),
        Chunk("fin.payments", credit_path, _refund_rows(*context, paid), refunded),
        Chunk("fin.payment_allocations", credit_path, _refund_allocation_rows(*context, paid), refunded),
    ]


def _credit_ids(orders: Orders, shipments: Shipments, returns: Returns) -> NDArray[np.int64]:
    return orders.order_id[shipments.order[returns.shipment]] * 100 + FIRST_CREDIT_NUMBER + shipments.number[returns.shipment]


def _return_rows(scenario: Scenario, orders: Orders, _: Lines, shipments: Shipments, returns: Returns) -> pa.Table:
    order = shipments.order[returns.shipment]
    returned_at = moments(scenario, returns.second)
    return rows_of(
        "rma.returns",
        {
            "return_id": return_ids(orders, shipments, returns),
            "order_id": orders.order_id[order],
            "shipment_id": shipment_ids(orders, shipments)[returns.shipment],
            "customer_id": customer_ids(scenario, orders.customer[order]),
            "warehouse_id": warehouses_of(scenario).warehouse_id[shipments.warehouse[returns.shipment]],
            "return_reason": labelled([reason for reason, _ in REASONS], returns.reason),
            "requested_on": dates(scenario, returns.requested_day),
            "returned_on": dates(scenario, returns.day),
            "returned_at": returned_at,
            "created_at": returned_at,
            "updated_at": returned_at,
        },
    )


def _return_line_rows(scenario: Scenario, orders: Orders, lines: Lines, shipments: Shipments, returns: Returns) -> pa.Table:
    line = shipments.line[returns.line]
    returned_at = moments(scenario, returns.second[returns.of_line])
    return rows_of(
        "rma.return_lines",
        {
            "return_id": return_ids(orders, shipments, returns)[returns.of_line],
            "line_no": lines.line_no[line],
            "order_id": orders.order_id[lines.order[line]],
            "product_id": range_of(scenario).product_ids.take(pa.array(lines.product[line])),
            "quantity": returns.quantity,
            "item_condition": labelled(("resellable", "damaged"), returns.is_damaged.astype(np.int64)),
            "created_at": returned_at,
            "updated_at": returned_at,
        },
    )


def _credit_rows(scenario: Scenario, orders: Orders, _: Lines, shipments: Shipments, returns: Returns) -> pa.Table:
    order = shipments.order[returns.shipment]
    net, tax = returns.sums(returns.line_net), returns.sums(returns.line_tax)
    credited_at = moments(scenario, returns.credit_second)
    return rows_of(
        "fin.invoices",
        {
            "invoice_id": _credit_ids(orders, shipments, returns),
            "invoice_type": pa.repeat("credit_note", len(returns)),
            "order_id": orders.order_id[order],
            "shipment_id": shipment_ids(orders, shipments)[returns.shipment],
            "return_id": return_ids(orders, shipments, returns),
            "customer_id": customer_ids(scenario, orders.customer[order]),
            "currency_code": country_labels(scenario, "currency", orders.country[order]),
            "net_amount": -net,
            "tax_amount": -tax,
            "gross_amount": -(net + tax),
            "invoice_date": dates(scenario, returns.credit_day),
            "due_date": dates(scenario, returns.credit_day),
            "invoiced_at": credited_at,
            "created_at": credited_at,
            "updated_at": credited_at,
        },
    )


def _credit_line_rows(scenario: Scenario, orders: Orders, lines: Lines, shipments: Shipments, returns: Returns) -> pa.Table:
    line = shipments.line[returns.line]
    credited_at = moments(scenario, returns.credit_second[returns.of_line])
    return rows_of(
        "fin.invoice_lines",
        {
            "invoice_id": _credit_ids(orders, shipments, returns)[returns.of_line],
            "line_no": lines.line_no[line],
            "order_id": orders.order_id[lines.order[line]],
            "product_id": range_of(scenario).product_ids.take(pa.array(lines.product[line])),
            "quantity": -returns.quantity,
            "net_amount": -returns.line_net,
            "tax_rate": returns.line_tax_rate,
            "tax_amount": -returns.line_tax,
            "gross_amount": -(returns.line_net + returns.line_tax),
            "created_at": credited_at,
            "updated_at": credited_at,
        },
    )


def _refund_rows(
    scenario: Scenario, orders: Orders, _: Lines, shipments: Shipments, returns: Returns, paid: NDArray[np.int64]
) -> pa.Table:
    order = shipments.order[returns.shipment[paid]]
    refunded_at = moments(scenario, returns.refund_second[paid])
    return rows_of(
        "fin.payments",
        {
            "payment_id": _credit_ids(orders, shipments, returns)[paid],
            "payment_type": pa.repeat("refund", len(paid)),
            "customer_id": customer_ids(scenario, orders.customer[order]),
            "currency_code": country_labels(scenario, "currency", orders.country[order]),
            "payment_method": labelled(METHODS, returns.method[paid]),
            "paid_amount": -returns.sums(returns.line_net + returns.line_tax)[paid],
            "received_date": dates(scenario, returns.refund_day[paid]),
            "received_at": refunded_at,
            "created_at": refunded_at,
            "updated_at": refunded_at,
        },
    )


def _refund_allocation_rows(
    scenario: Scenario, orders: Orders, _: Lines, shipments: Shipments, returns: Returns, paid: NDArray[np.int64]
) -> pa.Table:
    refunded_at = moments(scenario, returns.refund_second[paid])
    ids = _credit_ids(orders, shipments, returns)[paid]
    return rows_of(
        "fin.payment_allocations",
        {
            "payment_id": ids,
            "invoice_id": ids,
            "allocated_amount": -returns.sums(returns.line_net + returns.line_tax)[paid],
            "created_at": refunded_at,
            "updated_at": refunded_at,
        },
    )
