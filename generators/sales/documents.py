"""The documents of a block of days, from order to refund, made together from one set of draws."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

import numpy as np
import pyarrow as pa

from generators.engine.columns import rows_of
from generators.engine.plan import Chunk, Family, Part
from generators.sales.baskets import Lines, LostLines, draw_lines
from generators.sales.billing import billing_chunks, draw_invoices, draw_payments
from generators.sales.demand import Block, block_counts, blocks
from generators.sales.events import event_chunk
from generators.sales.fulfilment import draw_shipments, shipment_chunks
from generators.sales.horizon import horizon_of
from generators.sales.labels import labelled
from generators.sales.moments import MARGIN_DAYS, country_labels, dates, moments
from generators.sales.orders import CHANNELS, Orders, draw_orders
from generators.sales.population import customer_ids
from generators.sales.products import range_of
from generators.sales.promotions import promotions_of
from generators.sales.replenishment import CYCLE_DAYS, MOST_DAYS_AHEAD
from generators.sales.returns import draw_returns, return_chunks
from generators.sales.stock import stock_chunks
from generators.sales.taxes import TAX_CLASSES
from generators.sales.warehouses import warehouses_of
from generators.scenario import Scenario

TABLES = (
    "oms.orders",
    "oms.order_lines",
    "oms.order_events",
    "wms.shipments",
    "wms.shipment_lines",
    "wms.stock_movements",
    "fin.invoices",
    "fin.invoice_lines",
    "fin.payments",
    "fin.payment_allocations",
    "rma.returns",
    "rma.return_lines",
    "truth.lost_sales",
)
ROWS_PER_ORDER = 19
LONGEST_LEAD_DAYS = int(CYCLE_DAYS.max()) + MOST_DAYS_AHEAD  # goods arrive so long before their order at most


def _key(scenario: Scenario, block: Block) -> str:
    month = np.datetime64(horizon_of(scenario).first, "M") + block.month
    return f"{month}-{block.shard:03}"


def _parts(scenario: Scenario) -> list[Part]:
    first = horizon_of(scenario).first
    return [
        Part(
            "documents",
            _key(scenario, block),
            ROWS_PER_ORDER * int(block_counts(scenario, block).sum()),
            first_day=first + timedelta(days=block.first_day - LONGEST_LEAD_DAYS),
            end_day=first + timedelta(days=block.end_day + MARGIN_DAYS),
        )
        for block in blocks(scenario)
    ]


def _generate(scenario: Scenario, part: Part) -> Iterator[Chunk]:
    block = next(block for block in blocks(scenario) if _key(scenario, block) == part.key)
    path = f"part-{part.key}.parquet"
    orders = draw_orders(scenario, block, part.key)
    lines, lost = draw_lines(scenario, block, part.key, orders)
    ordered_on = dates(scenario, orders.day)
    yield Chunk("oms.orders", path, _order_rows(scenario, orders, lines), ordered_on)
    yield Chunk("oms.order_lines", path, _line_rows(scenario, orders, lines), ordered_on[lines.order])
    yield Chunk("truth.lost_sales", path, _lost_rows(scenario, orders, lost), ordered_on[lost.order])

    shipments = draw_shipments(scenario, part.key, orders, lines)
    yield from shipment_chunks(scenario, path, orders, lines, shipments)
    invoices = draw_invoices(scenario, part.key, orders, lines, shipments)
    payments = draw_payments(scenario, part.key, orders, shipments, invoices)
    yield from billing_chunks(scenario, path, orders, lines, shipments, invoices, payments)
    returns = draw_returns(scenario, part.key, orders, lines, shipments, invoices, payments)
    yield from return_chunks(scenario, path, orders, lines, shipments, returns)
    yield from stock_chunks(scenario, part.key, path, orders, lines, shipments, returns)
    yield event_chunk(scenario, path, orders, shipments, returns)


def _order_rows(scenario: Scenario, orders: Orders, lines: Lines) -> pa.Table:
    net, tax = lines.sums(lines.net), lines.sums(lines.tax)
    ordered_at = moments(scenario, orders.second)
    return rows_of(
        "oms.orders",
        {
            "order_id": orders.order_id,
            "customer_id": customer_ids(scenario, orders.customer),
            "rep_id": np.ma.masked_array(orders.rep_id, mask=orders.rep_id == 0),
            "shipping_address_id": orders.address_id,
            "country_code": country_labels(scenario, "code", orders.country),
            "market_code": country_labels(scenario, "market", orders.country),
            "currency_code": country_labels(scenario, "currency", orders.country),
            "sales_channel": labelled(CHANNELS, orders.channel),
            "line_count": lines.sums(np.ones_like(lines.order)),
            "discount_amount": lines.sums(lines.discount),
            "net_amount": net,
            "tax_amount": tax,
            "gross_amount": net + tax,
            "order_date": dates(scenario, orders.day),
            "ordered_at": ordered_at,
            "utc_offset_minutes": orders.offset_minutes,
            "created_at": ordered_at,
            "updated_at": ordered_at,
        },
    )


def _line_rows(scenario: Scenario, orders: Orders, lines: Lines) -> pa.Table:
    ordered_at = moments(scenario, orders.second[lines.order])
    promotion_ids = np.array([promotion.promotion_id for promotion in promotions_of(scenario)] + [0])
    return rows_of(
        "oms.order_lines",
        {
            "order_id": orders.order_id[lines.order],
            "line_no": lines.line_no,
            "product_id": range_of(scenario).product_ids.take(pa.array(lines.product)),
            "quantity": lines.quantity,
            "list_price": lines.list_price,
            "promotion_id": np.ma.masked_array(promotion_ids[lines.promotion], mask=lines.promotion < 0),
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


def _lost_rows(scenario: Scenario, orders: Orders, lost: LostLines) -> pa.Table:
    warehouses = warehouses_of(scenario)
    ordered_at = moments(scenario, orders.second[lost.order])
    return rows_of(
        "truth.lost_sales",
        {
            "order_id": orders.order_id[lost.order],
            "product_id": range_of(scenario).product_ids.take(pa.array(lost.product)),
            "warehouse_id": warehouses.warehouse_id[warehouses.of_country[orders.country[lost.order]]],
            "quantity": lost.quantity,
            "order_date": dates(scenario, orders.day[lost.order]),
            "created_at": ordered_at,
            "updated_at": ordered_at,
        },
    )


FAMILY: Family[Scenario] = Family("documents", TABLES, _parts, _generate)
