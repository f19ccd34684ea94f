"""What happens to an order, event by event, from placing to return."""

from __future__ import annotations

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from generators.engine.columns import rows_of
from generators.engine.plan import Chunk
from generators.sales.fulfilment import Shipments, shipment_ids
from generators.sales.groups import places
from generators.sales.horizon import NEVER
from generators.sales.labels import labelled
from generators.sales.moments import DAY_SECONDS, dates, moments
from generators.sales.orders import Orders
from generators.sales.returns import Returns
from generators.scenario import Scenario

EVENTS = ("placed", "confirmed", "cancelled", "back_ordered", "shipped", "delivered", "returned")
PLACED, CONFIRMED, CANCELLED, BACK_ORDERED, SHIPPED, DELIVERED, RETURNED = range(7)
CONFIRMED_AFTER_SECONDS = 300
_SPAN = 1 << 32  # seconds, longer than any plan


def event_chunk(scenario: Scenario, path: str, orders: Orders, shipments: Shipments, returns: Returns) -> Chunk:
    """The events of all orders, numbered in order of time. An order is confirmed, with what is back-ordered, or cancelled."""
    all_orders = np.arange(len(orders))
    cancelled = np.flatnonzero(orders.cancel_second >= 0)
    confirmed = np.flatnonzero(orders.cancel_second < 0)
    waiting = shipments.order[shipments.is_back_order]
    delivered = np.flatnonzero(shipments.delivered_day < NEVER)
    ids = shipment_ids(orders, shipments)
    confirmed_second = orders.second + CONFIRMED_AFTER_SECONDS
    local_day = _local_day(orders, confirmed_second)
    groups = [
        (PLACED, all_orders, orders.second, orders.day, None),
        (CONFIRMED, confirmed, confirmed_second[confirmed], local_day[confirmed], None),
        (CANCELLED, cancelled, orders.cancel_second[cancelled], _local_day(orders, orders.cancel_second)[cancelled], None),
        (BACK_ORDERED, waiting, confirmed_second[waiting] + 1, local_day[waiting], None),
        (SHIPPED, shipments.order, shipments.second, shipments.day, ids),
        (
            DELIVERED,
            shipments.order[delivered],
            shipments.delivered_second[delivered],
            shipments.delivered_day[delivered],
            ids[delivered],
        ),
        (RETURNED, shipments.order[returns.shipment], returns.second, returns.day, None),
    ]
    kind = np.repeat([group[0] for group in groups], [len(group[1]) for group in groups])
    order, second, day = (np.concatenate([group[place] for group in groups]) for place in (1, 2, 3))
    shipment = np.concatenate([np.zeros_like(group[1]) if group[4] is None else group[4] for group in groups])
    sequence = np.argsort((order * _SPAN + second) * len(EVENTS) + kind, kind="stable")
    order, second, day, kind, shipment = (column[sequence] for column in (order, second, day, kind, shipment))
    return Chunk("oms.order_events", path, _rows(scenario, orders, order, second, day, kind, shipment), dates(scenario, day))


def _local_day(orders: Orders, second: NDArray[np.int64]) -> NDArray[np.int64]:
    """The customer's day of moments soon after the order, at the order's own offset."""
    return np.asarray((second + orders.offset_minutes * 60) // DAY_SECONDS)


def _rows(
    scenario: Scenario,
    orders: Orders,
    order: NDArray[np.int64],
    second: NDArray[np.int64],
    day: NDArray[np.int64],
    kind: NDArray[np.int64],
    shipment: NDArray[np.int64],
) -> pa.Table:
    occurred_at = moments(scenario, second)
    return rows_of(
        "oms.order_events",
        {
            "order_id": orders.order_id[order],
            "event_seq": 1 + places(np.bincount(order)),
            "event_type": labelled(EVENTS, kind),
            "shipment_id": np.ma.masked_array(shipment, mask=shipment == 0),
            "event_date": dates(scenario, day),
            "occurred_at": occurred_at,
            "created_at": occurred_at,
            "updated_at": occurred_at,
        },
    )
