"""Stock movements: what is received, picked, put back and found missing, so that no shelf is ever below empty.

The receipts of a block of days cover exactly what its own orders pick and what goes missing on the way, each delivery the picks
of its cycle. Stock is then the sum over blocks of sums that are never negative, and a block needs to know of no other.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq
from numpy.typing import NDArray

from generators.engine.columns import rows_of
from generators.engine.plan import Chunk, Derived
from generators.engine.streams import stream
from generators.sales.baskets import Lines
from generators.sales.fulfilment import Shipments, shipment_ids
from generators.sales.groups import grouped
from generators.sales.horizon import NEVER, horizon_of
from generators.sales.labels import labelled
from generators.sales.moments import dates, moments, utc_seconds
from generators.sales.orders import Orders
from generators.sales.products import range_of
from generators.sales.replenishment import arrival_day, cycles_of
from generators.sales.returns import Returns, return_ids
from generators.sales.warehouses import warehouses_of
from generators.scenario import Scenario

MOVEMENTS = ("receipt", "pick", "return", "disposal", "adjustment")
RECEIPT, PICK, RETURN, DISPOSAL, ADJUSTMENT = range(5)
SHRINK_SHARE = 0.015  # of what is received goes missing (fact 48: 1.4 to 1.6 %)
RECEIVED_HOUR, DISPOSED_HOUR, COUNTED_HOUR = 6, 19, 20  # local; carriers come in between


@dataclass(frozen=True)
class _Moves:
    """Movements of one kind; `document` is the shipment or return behind them, 0 for none."""

    kind: int
    product: NDArray[np.int64]
    warehouse: NDArray[np.int64]
    quantity: NDArray[np.int64]
    day: NDArray[np.int64]
    second: NDArray[np.int64]
    document: NDArray[np.int64]


def stock_chunks(
    scenario: Scenario, part: str, path: str, orders: Orders, lines: Lines, shipments: Shipments, returns: Returns
) -> list[Chunk]:
    """The movements behind a block's shipments and returns."""
    picks = _picks(orders, lines, shipments)
    moves = [*_deliveries(scenario, part, picks), picks, *_comings_back(scenario, orders, lines, shipments, returns)]
    day = np.concatenate([move.day for move in moves])
    return [Chunk("wms.stock_movements", path, _rows(scenario, part, moves), dates(scenario, day))]


def _picks(orders: Orders, lines: Lines, shipments: Shipments) -> _Moves:
    return _Moves(
        kind=PICK,
        product=lines.product[shipments.line],
        warehouse=shipments.warehouse[shipments.of_line],
        quantity=-lines.quantity[shipments.line],
        day=shipments.day[shipments.of_line],
        second=shipments.second[shipments.of_line] - 3_600,
        document=shipment_ids(orders, shipments)[shipments.of_line],
    )


def _deliveries(scenario: Scenario, part: str, picks: _Moves) -> tuple[_Moves, _Moves]:
    """Receipts for the picks, cycle by cycle, with a little more that is found missing at the end of the cycle."""
    cycles, warehouses = cycles_of(scenario), warehouses_of(scenario)
    first_cycle = cycles.number(np.arange(len(cycles.length)), picks.day.min(initial=NEVER))  # by product
    cycle = cycles.number(picks.product, picks.day) - first_cycle[picks.product]
    shape = (len(warehouses.country), len(first_cycle), int(cycle.max(initial=0)) + 1)
    keys, of_pick = grouped(np.ravel_multi_index((picks.warehouse, picks.product, cycle), shape), int(np.prod(shape)))
    warehouse, product, cycle = np.unravel_index(keys, shape)
    cycle = cycle + first_cycle[product]
    wanted = np.zeros(len(cycle), dtype=np.int64)
    np.add.at(wanted, of_pick, -picks.quantity)
    missing = stream(scenario.seed, "wms.stock_movements", "missing", part).poisson(wanted * SHRINK_SHARE)

    arrival = arrival_day(scenario, product, warehouse, cycle)
    place = warehouses.country[warehouse]
    nothing = np.zeros_like(wanted)
    receipts = _Moves(
        kind=RECEIPT,
        product=product,
        warehouse=warehouse,
        quantity=wanted + missing,
        day=arrival,
        second=utc_seconds(scenario, place, arrival, np.full_like(arrival, RECEIVED_HOUR * 3600)),
        document=nothing,
    )
    short = np.flatnonzero(missing)
    last = cycles.start(product, cycle + 1)[short] - 1
    adjustments = _Moves(
        kind=ADJUSTMENT,
        product=product[short],
        warehouse=warehouse[short],
        quantity=-missing[short],
        day=last,
        second=utc_seconds(scenario, place[short], last, np.full_like(last, COUNTED_HOUR * 3600)),
        document=nothing[short],
    )
    return receipts, adjustments


def _comings_back(
    scenario: Scenario, orders: Orders, lines: Lines, shipments: Shipments, returns: Returns
) -> tuple[_Moves, _Moves]:
    """Returned goods: damaged ones are scrapped in the evening, the others go to the outlet at the end of the cycle."""
    cycles, warehouses = cycles_of(scenario), warehouses_of(scenario)
    product = lines.product[shipments.line[returns.line]]
    warehouse = shipments.warehouse[shipments.of_line[returns.line]]
    arrival = returns.day[returns.of_line]
    document = return_ids(orders, shipments, returns)[returns.of_line]
    end_of_cycle = cycles.start(product, cycles.number(product, arrival) + 1) - 1
    leaves = np.where(returns.is_damaged, arrival, end_of_cycle)
    evening = np.full_like(leaves, DISPOSED_HOUR * 3600)
    back = _Moves(RETURN, product, warehouse, returns.quantity, arrival, returns.second[returns.of_line], document)
    gone = _Moves(
        kind=DISPOSAL,
        product=product,
        warehouse=warehouse,
        quantity=-returns.quantity,
        day=leaves,
        second=utc_seconds(scenario, warehouses.country[warehouse], leaves, evening),
        document=document,
    )
    return back, gone


def _rows(scenario: Scenario, part: str, moves: list[_Moves]) -> pa.Table:
    def column(name: str) -> NDArray[np.int64]:
        return np.concatenate([getattr(move, name) for move in moves])

    kind = np.repeat([move.kind for move in moves], [len(move.day) for move in moves])
    document = column("document")
    moved_at = moments(scenario, column("second"))
    month, shard = part.rsplit("-", 1)
    first_id = (int(month.replace("-", "")) * 1_000 + int(shard)) * 10_000_000
    return rows_of(
        "wms.stock_movements",
        {
            "movement_id": first_id + np.arange(len(kind)),
            "product_id": range_of(scenario).product_ids.take(pa.array(column("product"))),
            "warehouse_id": warehouses_of(scenario).warehouse_id[column("warehouse")],
            "movement_type": labelled(MOVEMENTS, kind),
            "quantity": column("quantity"),
            "shipment_id": np.ma.masked_array(document, mask=kind != PICK),
            "return_id": np.ma.masked_array(document, mask=(kind != RETURN) & (kind != DISPOSAL)),
            "moved_on": dates(scenario, column("day")),
            "moved_at": moved_at,
            "created_at": moved_at,
            "updated_at": moved_at,
        },
    )


def _snapshots(scenario: Scenario, files: Iterable[pa.NativeFile]) -> Iterator[Chunk]:
    """The stock at the end of each finished month, by product and warehouse."""
    horizon, products = horizon_of(scenario), range_of(scenario).product_ids.dictionary
    shape = (horizon.month_count, len(products), len(warehouses_of(scenario).warehouse_id))
    stock = np.zeros(shape, dtype=np.int64)
    for file in files:
        _add_movements(scenario, file, stock)
    np.cumsum(stock, axis=0, out=stock)
    order = pc.sort_indices(products).to_numpy()
    for month, ends in zip(stock, np.append(horizon.month_starts[1:], np.datetime64(horizon.end)), strict=True):
        if ends <= np.datetime64(scenario.until):
            place, warehouse = np.nonzero(month[order] > 0)
            rows = _snapshot_rows(scenario, order[place], warehouse, month[order[place], warehouse], ends)
            yield Chunk("wms.stock_snapshots", f"part-{str(ends - 1)[:7]}.parquet", rows, np.full(len(place), ends - 1))


def _add_movements(scenario: Scenario, file: pa.NativeFile, stock: NDArray[np.int64]) -> None:
    """Add a file's movements before the scenario's end to the month, product and warehouse that they are of."""
    horizon = horizon_of(scenario)
    columns = ["product_id", "warehouse_id", "quantity", "moved_on"]
    with file, pq.ParquetFile(file, read_dictionary=["product_id"]) as movements:
        moves = movements.read(columns=columns, use_threads=False).combine_chunks()
    day = (moves["moved_on"].to_numpy() - horizon.start).astype(np.int64)
    rows = np.flatnonzero(day < (np.datetime64(scenario.until) - horizon.start).astype(np.int64))
    month = horizon.month_of_day[np.maximum(day[rows], 0)]  # goods for the first days come before them
    ids = moves["product_id"].chunk(0)
    product = pc.index_in(ids.dictionary, range_of(scenario).product_ids.dictionary).to_numpy()[ids.indices.to_numpy()[rows]]
    warehouse = np.searchsorted(warehouses_of(scenario).warehouse_id, moves["warehouse_id"].to_numpy()[rows])
    cell = np.ravel_multi_index((month, product, warehouse), stock.shape)
    if len(cell):
        first = cell.min()
        added = np.bincount(cell - first, moves["quantity"].to_numpy()[rows])  # a file is of a few months, so this is short
        stock.reshape(-1)[first : first + len(added)] += added.astype(np.int64)


def _snapshot_rows(
    scenario: Scenario,
    product: NDArray[np.int64],
    warehouse: NDArray[np.int64],
    quantity: NDArray[np.int64],
    counted_on: np.datetime64,
) -> pa.Table:
    counted_at = np.full(len(product), counted_on, dtype="datetime64[us]")
    return rows_of(
        "wms.stock_snapshots",
        {
            "product_id": range_of(scenario).product_ids.take(pa.array(product)),
            "warehouse_id": warehouses_of(scenario).warehouse_id[warehouse],
            "snapshot_date": counted_at.astype("datetime64[D]") - 1,
            "quantity": quantity,
            "created_at": counted_at,
            "updated_at": counted_at,
        },
    )


SNAPSHOTS: Derived[Scenario] = Derived("stock_snapshots", ("wms.stock_snapshots",), "wms.stock_movements", _snapshots)
