"""Fulfilment: what is shipped when, what waits for stock, and when it arrives."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from generators.engine.columns import rows_of
from generators.engine.plan import Chunk
from generators.engine.streams import stream
from generators.sales.baskets import Lines
from generators.sales.choices import choice
from generators.sales.groups import grouped
from generators.sales.horizon import NEVER
from generators.sales.labels import labelled
from generators.sales.moments import dates, following_working_day, moments, utc_seconds
from generators.sales.orders import Orders
from generators.sales.products import range_of
from generators.sales.replenishment import back_in_stock
from generators.sales.warehouses import warehouses_of
from generators.scenario import Scenario

SHIPPING_LAGS = (0.40, 0.30, 0.20, 0.10)  # share of orders shipped on the first working day after 1, 2, 3, 4 days
TRANSIT_DAYS = {True: (0.45, 0.40, 0.15), False: (0.0, 0.25, 0.35, 0.25, 0.15)}  # by whether it stays in the country, from 1
PROMISED_DAYS = {True: 8, False: 11}  # after the order
NEVER_DELIVERED_SHARE = 0.012  # 97.0 % of a marketplace's orders are delivered, 1.2 % cancelled or unavailable (fact 40)
CARRIERS = ("Northline Parcel", "Blue Crane Logistics", "Meridian Express", "Harbour & Hill Freight")


@dataclass(frozen=True)
class Shipments:
    """Shipments in order of their orders; `number` counts within the order. Undelivered ones have the day NEVER.

    `line` has the positions of the lines in the shipments and `of_line` the shipment of each of them.
    """

    order: NDArray[np.int64]
    number: NDArray[np.int64]
    warehouse: NDArray[np.int64]
    day: NDArray[np.int64]  # local at the warehouse
    second: NDArray[np.int64]
    promised_day: NDArray[np.int64]
    delivered_day: NDArray[np.int64]  # local at the customer
    delivered_second: NDArray[np.int64]
    is_back_order: NDArray[np.bool_]
    line: NDArray[np.int64]
    of_line: NDArray[np.int64]

    def __len__(self) -> int:
        return len(self.order)


def shipment_ids(orders: Orders, shipments: Shipments) -> NDArray[np.int64]:
    """Numbers of shipments: ten times the order's, plus the number within it."""
    return orders.order_id[shipments.order] * 10 + shipments.number


def draw_shipments(scenario: Scenario, part: str, orders: Orders, lines: Lines) -> Shipments:
    """The shipments of all orders that stand: what is in stock goes at once, the rest together when all of it is back."""

    def draws(purpose: str) -> np.random.Generator:
        return stream(scenario.seed, "wms.shipments", purpose, part)

    warehouses = warehouses_of(scenario)
    warehouse = warehouses.of_country[orders.country]
    place = warehouses.country[warehouse]
    lag = 1 + choice(SHIPPING_LAGS, draws("lag").random(len(orders)))
    planned_day = following_working_day(scenario, place, orders.day + lag)

    line = np.flatnonzero(orders.cancel_second[lines.order] < 0)
    order, product = lines.order[line], lines.product[line]
    in_stock_day = back_in_stock(scenario, product, warehouse[order], planned_day[order])
    waits = in_stock_day > planned_day[order]
    late_day = _back_order_days(scenario, place, warehouse, order[waits], product[waits], in_stock_day[waits])

    key, of_line = grouped(order * 2 + waits, 2 * len(orders))
    owner, is_back_order = key // 2, key % 2 == 1
    number = 1 + (np.diff(owner, prepend=-1) == 0)
    day = np.where(is_back_order, late_day[owner], planned_day[owner])

    numbers = draws("time").random((len(key), 4))
    second = utc_seconds(scenario, place[owner], day, _between(10, 18, numbers[:, 0]))
    domestic = orders.country[owner] == place[owner]
    transit = 1 + np.where(domestic, choice(TRANSIT_DAYS[True], numbers[:, 1]), choice(TRANSIT_DAYS[False], numbers[:, 1]))
    arrives = following_working_day(scenario, orders.country[owner], day + transit)
    arrival_second = utc_seconds(scenario, orders.country[owner], arrives, _between(9, 20, numbers[:, 2]))
    delivered = numbers[:, 3] >= NEVER_DELIVERED_SHARE
    promise = np.where(domestic, PROMISED_DAYS[True], PROMISED_DAYS[False])
    return Shipments(
        order=owner,
        number=number,
        warehouse=warehouse[owner],
        day=day,
        second=second,
        promised_day=following_working_day(scenario, orders.country[owner], orders.day[owner] + promise),
        delivered_day=np.where(delivered, arrives, NEVER),
        delivered_second=arrival_second,
        is_back_order=is_back_order,
        line=line,
        of_line=of_line,
    )


def _back_order_days(
    scenario: Scenario,
    place: NDArray[np.int64],
    warehouse: NDArray[np.int64],
    order: NDArray[np.int64],
    product: NDArray[np.int64],
    in_stock_day: NDArray[np.int64],
) -> NDArray[np.int64]:
    """By order: the first working day on which all of its waiting lines are in stock at once."""
    day = np.zeros(len(place), dtype=np.int64)
    np.maximum.at(day, order, in_stock_day)
    while True:
        day = np.where(day > 0, following_working_day(scenario, place, day), 0)
        again = back_in_stock(scenario, product, warehouse[order], day[order])
        if not (again > day[order]).any():
            return day
        np.maximum.at(day, order, again)


def _between(first_hour: int, last_hour: int, uniform: NDArray[np.float64]) -> NDArray[np.int64]:
    return (first_hour * 3600 + uniform * (last_hour - first_hour) * 3600).astype(np.int64)


def shipment_chunks(scenario: Scenario, path: str, orders: Orders, lines: Lines, shipments: Shipments) -> list[Chunk]:
    """The rows of shipments and their lines."""
    return [
        Chunk("wms.shipments", path, _shipment_rows(scenario, orders, shipments), dates(scenario, shipments.day)),
        Chunk(
            "wms.shipment_lines",
            path,
            _line_rows(scenario, orders, lines, shipments),
            dates(scenario, shipments.day[shipments.of_line]),
        ),
    ]


def _shipment_rows(scenario: Scenario, orders: Orders, shipments: Shipments) -> pa.Table:
    ids = shipment_ids(orders, shipments)
    shipped_at = moments(scenario, shipments.second)
    return rows_of(
        "wms.shipments",
        {
            "shipment_id": ids,
            "order_id": orders.order_id[shipments.order],
            "warehouse_id": warehouses_of(scenario).warehouse_id[shipments.warehouse],
            "carrier_name": labelled(CARRIERS, ids // 10 % len(CARRIERS)),
            "promised_on": dates(scenario, shipments.promised_day),
            "shipped_on": dates(scenario, shipments.day),
            "shipped_at": shipped_at,
            "created_at": shipped_at,
            "updated_at": shipped_at,
        },
    )


def _line_rows(scenario: Scenario, orders: Orders, lines: Lines, shipments: Shipments) -> pa.Table:
    shipped_at = moments(scenario, shipments.second[shipments.of_line])
    return rows_of(
        "wms.shipment_lines",
        {
            "shipment_id": shipment_ids(orders, shipments)[shipments.of_line],
            "line_no": lines.line_no[shipments.line],
            "order_id": orders.order_id[lines.order[shipments.line]],
            "product_id": range_of(scenario).product_ids.take(pa.array(lines.product[shipments.line])),
            "quantity": lines.quantity[shipments.line],
            "created_at": shipped_at,
            "updated_at": shipped_at,
        },
    )
