"""Orders, their lines, invoices and payments: the documents of a block of days, made together from one set of draws."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from generators.engine.columns import rows_of
from generators.engine.plan import Chunk, Family, Part
from generators.sales.baskets import Lines, draw_lines
from generators.sales.billing import METHODS, Invoices, Payments, draw_invoices, draw_payments
from generators.sales.countries import countries_of
from generators.sales.demand import Block, block_counts, blocks
from generators.sales.horizon import horizon_of
from generators.sales.labels import labelled
from generators.sales.orders import CHANNELS, Orders, draw_orders
from generators.sales.population import population_of
from generators.sales.products import range_of
from generators.sales.taxes import TAX_CLASSES
from generators.scenario import Scenario

TABLES = ("oms.orders", "oms.order_lines", "fin.invoices", "fin.payments")
STATUSES = ("open", "completed", "cancelled")
OPEN, COMPLETED, CANCELLED = range(3)


def invoice_ids(order_id: NDArray[np.int64]) -> NDArray[np.int64]:
    """The number of an order's invoice: the order's, with a 0 behind it that leaves room for credit notes."""
    return order_id * 10


def _key(scenario: Scenario, block: Block) -> str:
    month = np.datetime64(horizon_of(scenario).first, "M") + block.month
    return f"{month}-{block.shard:03}"


def _parts(scenario: Scenario) -> list[Part]:
    return [
        Part("documents", _key(scenario, block), int(6 * block_counts(scenario, block).sum())) for block in blocks(scenario)
    ]


def _generate(scenario: Scenario, part: Part) -> Iterator[Chunk]:
    block = next(block for block in blocks(scenario) if _key(scenario, block) == part.key)
    orders = draw_orders(scenario, block, part.key)
    lines = draw_lines(scenario, block, part.key, orders)
    net, tax = lines.sums(lines.net), lines.sums(lines.tax)
    invoices = draw_invoices(scenario, part.key, orders)
    payments = draw_payments(scenario, part.key, orders, invoices, net + tax)
    path = f"part-{part.key}.parquet"
    yield Chunk("oms.orders", path, _order_rows(scenario, orders, lines, invoices, net, tax))
    yield Chunk("oms.order_lines", path, _line_rows(scenario, orders, lines))
    yield Chunk("fin.invoices", path, _invoice_rows(scenario, orders, invoices, net, tax))
    yield Chunk("fin.payments", path, _payment_rows(scenario, orders, payments))


def _moments(scenario: Scenario, seconds: NDArray[np.int64]) -> NDArray[np.datetime64]:
    return np.asarray(np.datetime64(horizon_of(scenario).first, "s") + seconds)


def _country_labels(scenario: Scenario, attribute: str, country: NDArray[np.int64]) -> pa.Array:
    return labelled([getattr(land, attribute) for land in countries_of(scenario)], country)


def _order_rows(
    scenario: Scenario,
    orders: Orders,
    lines: Lines,
    invoices: Invoices,
    net: NDArray[np.int64],
    tax: NDArray[np.int64],
) -> pa.Table:
    end_second = horizon_of(scenario).day_count * 86_400
    is_cancelled = (orders.cancel_second >= 0) & (orders.cancel_second < end_second)
    status = np.where(is_cancelled, CANCELLED, np.where(invoices.exists, COMPLETED, OPEN))
    changed = np.where(is_cancelled, orders.cancel_second, np.where(invoices.exists, invoices.second, orders.second))
    return rows_of(
        "oms.orders",
        {
            "order_id": orders.order_id,
            "customer_id": population_of(scenario).customer_id[orders.customer],
            "rep_id": np.ma.masked_array(orders.rep_id, mask=orders.rep_id == 0),
            "shipping_address_id": orders.address_id,
            "country_code": _country_labels(scenario, "code", orders.country),
            "market_code": _country_labels(scenario, "market", orders.country),
            "currency_code": _country_labels(scenario, "currency", orders.country),
            "sales_channel": labelled(CHANNELS, orders.channel),
            "order_status": labelled(STATUSES, status),
            "line_count": lines.sums(np.ones_like(lines.order)),
            "discount_amount": lines.sums(lines.discount),
            "net_amount": net,
            "tax_amount": tax,
            "gross_amount": net + tax,
            "order_date": horizon_of(scenario).start + orders.day,
            "ordered_at": _moments(scenario, orders.second),
            "utc_offset_minutes": orders.offset_minutes,
            "created_at": _moments(scenario, orders.second),
            "updated_at": _moments(scenario, changed),
        },
    )


def _line_rows(scenario: Scenario, orders: Orders, lines: Lines) -> pa.Table:
    ordered_at = _moments(scenario, orders.second[lines.order])
    return rows_of(
        "oms.order_lines",
        {
            "order_id": orders.order_id[lines.order],
            "line_no": lines.line_no,
            "product_id": range_of(scenario).product_ids.take(pa.array(lines.product)),
            "quantity": lines.quantity,
            "list_price": lines.list_price,
            "discount_rate": lines.discount_rate,
            "discount_amount": lines.discount,
            "net_amount": lines.net,
            "tax_class": labelled(TAX_CLASSES, lines.tax_class),
            "tax_rate": lines.tax_rate,
            "tax_amount": lines.tax,
            "gross_amount": lines.net + lines.tax,
            "created_at": ordered_at,
            "updated_at": ordered_at,
        },
    )


def _invoice_rows(
    scenario: Scenario, orders: Orders, invoices: Invoices, net: NDArray[np.int64], tax: NDArray[np.int64]
) -> pa.Table:
    rows = np.flatnonzero(invoices.exists)
    start = horizon_of(scenario).start
    invoiced_at = _moments(scenario, invoices.second[rows])
    return rows_of(
        "fin.invoices",
        {
            "invoice_id": invoice_ids(orders.order_id[rows]),
            "order_id": orders.order_id[rows],
            "customer_id": population_of(scenario).customer_id[orders.customer[rows]],
            "currency_code": _country_labels(scenario, "currency", orders.country[rows]),
            "net_amount": net[rows],
            "tax_amount": tax[rows],
            "gross_amount": net[rows] + tax[rows],
            "invoice_date": start + invoices.day[rows],
            "due_date": start + invoices.due_day[rows],
            "invoiced_at": invoiced_at,
            "created_at": invoiced_at,
            "updated_at": invoiced_at,
        },
    )


def _payment_rows(scenario: Scenario, orders: Orders, payments: Payments) -> pa.Table:
    received_at = _moments(scenario, payments.second)
    return rows_of(
        "fin.payments",
        {
            "payment_id": invoice_ids(orders.order_id[payments.order]) + payments.number,
            "invoice_id": invoice_ids(orders.order_id[payments.order]),
            "customer_id": population_of(scenario).customer_id[orders.customer[payments.order]],
            "currency_code": _country_labels(scenario, "currency", orders.country[payments.order]),
            "payment_method": labelled(METHODS, payments.method),
            "paid_amount": payments.amount,
            "received_date": horizon_of(scenario).start + payments.day,
            "received_at": received_at,
            "created_at": received_at,
            "updated_at": received_at,
        },
    )


FAMILY: Family[Scenario] = Family("documents", TABLES, _parts, _generate)
