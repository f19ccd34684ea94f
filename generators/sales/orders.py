"""Orders: who orders when, through which channel, with whose help and where to.

An order of a day goes to a customer won on that day, as long as there are such, and otherwise to one of those alive on it,
in proportion to their order rates; repeat purchases, cohorts and concentration follow from that.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache

import numpy as np
from numpy.typing import NDArray

from generators.engine.streams import stream
from generators.sales.choices import choice
from generators.sales.customers import address_ids
from generators.sales.demand import Block, block_counts, orders_before
from generators.sales.effects import ACCOUNT, CUSTOMER_TYPES, PERSON
from generators.sales.groups import places
from generators.sales.moments import clock_of
from generators.sales.population import customer_ids, population_of
from generators.sales.workforce import seat_of_customer, workforce_of
from generators.scenario import Scenario

FIRST_ORDER_ID = 1_000_001
CANCELLED_SHARE = 0.01  # 0.63 % cancelled and 0.61 % unavailable at a marketplace (fact 40)

CHANNELS = ("web", "mobile_app", "phone", "field_sales")
WITH_REP = np.array([False, False, True, True])
CHANNEL_SHARES = {PERSON: (0.455, 0.545), ACCOUNT: (0.46, 0.02, 0.22, 0.30)}  # mobile: fact 45

# Orders by local hour. Accounts: 78 % from 10 to 16 and 0.2 % before 8 (fact 7). Persons: a plateau and an evening peak.
HOUR_WEIGHTS = {
    PERSON: (13, 7, 4, 3, 3, 6, 14, 27, 40, 51, 58, 60, 62, 58, 54, 53, 54, 57, 61, 68, 76, 72, 53, 28),
    ACCOUNT: (0, 0, 0, 0, 0, 0, 1, 1, 35, 95, 135, 145, 140, 125, 125, 110, 55, 24, 6, 1, 1, 1, 0, 0),
}


@dataclass(frozen=True)
class Orders:
    """The orders of a block in order of time; days are day numbers of the horizon, seconds UTC since its first midnight."""

    order_id: NDArray[np.int64]
    customer: NDArray[np.int64]  # position in the population
    country: NDArray[np.int64]
    kind: NDArray[np.int64]
    day: NDArray[np.int64]  # local
    second: NDArray[np.int64]
    offset_minutes: NDArray[np.int64]
    channel: NDArray[np.int64]
    rep_id: NDArray[np.int64]  # 0 for none
    address_id: NDArray[np.int64]
    cancel_second: NDArray[np.int64]  # -1 for orders that stand

    def __len__(self) -> int:
        return len(self.order_id)


def draw_orders(scenario: Scenario, block: Block, part: str) -> Orders:
    """All orders of a block, as many as the plan has counted."""

    def draws(purpose: str) -> np.random.Generator:
        return stream(scenario.seed, "oms.orders", purpose, part)

    counts = block_counts(scenario, block)
    groups = np.repeat(np.arange(counts.size), counts.ravel())
    day_in_block, cell = np.divmod(groups, counts[0].size)
    day = block.first_day + day_in_block
    country, kind = np.divmod(cell, len(CUSTOMER_TYPES))
    customer = _customers(scenario, block, counts.reshape(len(counts), -1), draws("customer"))

    local_second = _local_seconds(kind, draws("time").random(len(day)))
    second, offset = clock_of(scenario).to_utc(country, day, local_second)
    order = np.argsort(second, kind="stable")
    customer, day, country, kind = customer[order], day[order], country[order], kind[order]
    second, offset = second[order], offset[order]

    count = len(order)
    uniform = draws("channel").random(count)
    channel = np.where(kind == ACCOUNT, choice(CHANNEL_SHARES[ACCOUNT], uniform), choice(CHANNEL_SHARES[PERSON], uniform))
    population = population_of(scenario)
    place = (draws("address").random(count) * (1 + population.extra_addresses[customer])).astype(np.int64)
    cancelled = draws("cancelled").random(count) < CANCELLED_SHARE
    return Orders(
        order_id=FIRST_ORDER_ID + orders_before(scenario, block) + np.arange(count),
        customer=customer,
        country=country,
        kind=kind,
        day=day,
        second=second,
        offset_minutes=offset,
        channel=channel,
        rep_id=_reps(scenario, customer, day, WITH_REP[channel]),
        address_id=address_ids(customer_ids(scenario, customer), place),
        cancel_second=np.where(cancelled, second + draws("cancel_delay").integers(600, 36 * 3600, count), -1),
    )


def _reps(
    scenario: Scenario, customer: NDArray[np.int64], day: NDArray[np.int64], has_rep: NDArray[np.bool_]
) -> NDArray[np.int64]:
    """The sales representative of each order, 0 where it has none."""
    workforce, rows = workforce_of(scenario), np.flatnonzero(has_rep)
    seat = seat_of_customer(scenario)[customer[rows]].astype(np.int64)
    rep_id = np.zeros(len(customer), dtype=np.int64)
    rep_id[rows] = workforce.rep_id.ravel()[workforce.incumbents_on(seat, day[rows])]
    return rep_id


@dataclass(frozen=True)
class _Roll:
    """All customers by cell and, within it, by day of acquisition."""

    customer: NDArray[np.int32]
    key: NDArray[np.int32]
    acquired_day: NDArray[np.int32]
    churn_day: NDArray[np.int32]
    rate: NDArray[np.int64]


_SPAN, _ZERO = 1 << 20, 1 << 19  # a cell's stretch of keys, and day 0 in it


@cache
def _roll(scenario: Scenario) -> _Roll:
    population = population_of(scenario)
    order = np.argsort(population.cell, kind="stable")
    acquired = population.acquired_day[order]
    keys = population.cell[order] * _SPAN + _ZERO + acquired
    churned, rate = population.churn_day[order], population.rate[order]
    return _Roll(order.astype(np.int32), keys.astype(np.int32), acquired, churned, rate)


def _customers(scenario: Scenario, block: Block, counts: NDArray[np.int64], draws: np.random.Generator) -> NDArray[np.int64]:
    """Who orders; `counts` are the orders by day of the block and cell, and so they are numbered."""
    roll = _roll(scenario)
    alive = np.flatnonzero((roll.acquired_day < block.end_day) & (roll.churn_day > block.first_day))
    keys, leaves = roll.key[alive], roll.churn_day[alive]
    edges = np.concatenate([[0], np.cumsum(roll.rate[alive])])

    # By day and cell: the first of those won on the day, the first after them, and the stretch of rates of all won until then.
    cells = np.arange(counts.shape[1]) * _SPAN
    days = np.arange(block.first_day, block.end_day)
    todays = (cells + _ZERO + days[:, None]).astype(np.int32).ravel()
    todays_first, todays_end = np.searchsorted(keys, todays), np.searchsorted(keys, todays, side="right")
    low = np.tile(edges[np.searchsorted(keys, cells.astype(np.int32))], len(days))
    width = edges[todays_end] - low

    sizes = counts.ravel()
    group = np.repeat(np.arange(len(sizes)), sizes)
    picked = todays_first[group] + places(sizes)
    open_rows = np.flatnonzero(picked >= todays_end[group])
    while len(open_rows):
        open_group = group[open_rows]
        aim = low[open_group] + (draws.random(len(open_rows)) * width[open_group]).astype(np.int64)
        picked[open_rows] = np.searchsorted(edges, aim, side="right") - 1
        open_rows = open_rows[leaves[picked[open_rows]] <= days[open_group // len(cells)]]
    return np.asarray(roll.customer[alive[picked]], dtype=np.int64)


def _local_seconds(kind: NDArray[np.int64], uniform: NDArray[np.float64]) -> NDArray[np.int64]:
    seconds = np.empty(len(kind), dtype=np.int64)
    for customer_type, weights in HOUR_WEIGHTS.items():
        rows = np.flatnonzero(kind == customer_type)
        cumulative = np.concatenate([[0], np.cumsum(weights)]) / sum(weights)
        seconds[rows] = np.interp(uniform[rows], cumulative, np.arange(25) * 3600).astype(np.int64)
    return np.minimum(seconds, 86_399)
