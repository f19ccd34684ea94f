"""Order lines: what is in a basket, at which price, discount and tax; every amount exact in whole hundredths."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache

import numpy as np
from numpy.typing import NDArray

from generators.engine.streams import stream
from generators.sales.choices import Stretches, chosen
from generators.sales.countries import countries_of, currencies_of, markets_of
from generators.sales.demand import Block
from generators.sales.effects import ACCOUNT, CUSTOMER_TYPES, PERSON, quarter_end_discount
from generators.sales.groups import places
from generators.sales.money import share_of
from generators.sales.orders import Orders
from generators.sales.population import population_of
from generators.sales.prices import price_lists
from generators.sales.products import HEMISPHERES, pick_weights, range_of
from generators.sales.promotions import LARGEST_LIFT, discount_percents, price_elasticity, reductions
from generators.sales.replenishment import LOST_SHARE, back_in_stock
from generators.sales.taxes import tax_rates_by_day
from generators.sales.warehouses import warehouses_of
from generators.scenario import Scenario

MOST_LINES = 60

PERSON_QUANTITIES = ((1, 0.80), (2, 0.13), (3, 0.035), (4, 0.02), (5, 0.005), (6, 0.01))
# Accounts take single units or trade packs, so that 1, 12, 2, 6, 4 and 24 are the usual quantities (fact 24).
PACK_SHARE = 0.5
SINGLES = ((1, 0.44), (2, 0.32), (3, 0.09), (4, 0.10), (5, 0.05))
PACKS = ((1, 0.66), (2, 0.17), (3, 0.06), (4, 0.06), (5, 0.03), (10, 0.02))

COUPON_SHARE, COUPON_PERCENT = 0.015, 10  # of persons' lines without a promotion (fact 25)
BULK_PACKS, BULK_DISCOUNT = 4, 5  # from so many packs an account gets so many per cent more


@dataclass(frozen=True)
class Lines:
    """Lines in order of their orders; amounts in hundredths of the order's currency, rates in millionths."""

    order: NDArray[np.int64]  # position in the block's orders
    line_no: NDArray[np.int64]
    product: NDArray[np.int64]
    quantity: NDArray[np.int64]
    list_price: NDArray[np.int64]
    promotion: NDArray[np.int64]  # place in `promotions_of`, −1 for none
    discount_rate: NDArray[np.int64]
    discount: NDArray[np.int64]
    net: NDArray[np.int64]
    tax_class: NDArray[np.int64]
    tax_rate: NDArray[np.int64]
    tax: NDArray[np.int64]

    def sums(self, amounts: NDArray[np.int64]) -> NDArray[np.int64]:
        """Sums of `amounts` by order."""
        return np.add.reduceat(amounts, np.flatnonzero(self.line_no == 1))


@dataclass(frozen=True)
class LostLines:
    """Lines that would have been ordered, had the product not been out of stock."""

    order: NDArray[np.int64]
    product: NDArray[np.int64]
    quantity: NDArray[np.int64]


def draw_lines(scenario: Scenario, block: Block, part: str, orders: Orders) -> tuple[Lines, LostLines]:
    """The lines of all orders, at least one each, and the lines lost to empty shelves; a product stands once on an order."""

    def draws(purpose: str) -> np.random.Generator:
        return stream(scenario.seed, "oms.order_lines", purpose, part)

    population, products = population_of(scenario), range_of(scenario)
    spread = draws("spread").standard_exponential(len(orders))
    extra = draws("extra").poisson(np.round(population.extra_lines[orders.customer] * spread, 9))
    sizes = 1 + np.minimum(extra, MOST_LINES - 1)
    order = np.repeat(np.arange(len(orders)), sizes)
    reduced = reductions(scenario, block.first_day, block.end_day)
    product = _products(
        scenario, block, reduced, orders.kind[order], orders.country[order], orders.day[order], draws("product")
    )
    first = np.flatnonzero(~_repeated(product, places(sizes)))
    order, product = order[first], product[first]
    quantity, packs = _quantities(
        orders.kind[order], products.pack_size[product], population.volume[orders.customer[order]], draws("quantity")
    )
    lost = _lost(scenario, orders, order, product, draws("lost"))
    lost_lines = LostLines(order[lost], product[lost], quantity[lost])
    order, product, quantity, packs = order[~lost], product[~lost], quantity[~lost], packs[~lost]
    kind, country, day = orders.kind[order], orders.country[order], orders.day[order]

    promotion = np.where(kind == PERSON, reduced[_market_of_country(scenario)[country], product, day - block.first_day], -1)
    coupon = np.where(draws("discount").random(len(order)) < COUPON_SHARE, COUPON_PERCENT, 0)
    own = population.discount_percent[orders.customer[order]]
    reduction = np.where(promotion >= 0, discount_percents(scenario)[promotion], np.maximum(coupon, own))
    contract = own + np.where(packs >= BULK_PACKS, BULK_DISCOUNT, 0)
    given_away = np.where(orders.rep_id[order] > 0, quarter_end_discount(scenario, day), 0)
    discount_rate = np.where(kind == ACCOUNT, contract + given_away, reduction) * 10_000

    list_price = price_lists(scenario)[_market_of_country(scenario)[country], block.month, product].astype(np.int64)
    minor_unit = minor_unit_of_country(scenario)[country]
    full = quantity * list_price
    net = share_of(full, 1_000_000 - discount_rate, minor_unit)
    tax_class = products.tax_class[product]
    tax_rate = tax_rates_by_day(scenario)[country, tax_class, day]
    lines = Lines(
        order=order,
        line_no=1 + places(np.bincount(order)),
        product=product,
        quantity=quantity,
        list_price=list_price,
        promotion=promotion,
        discount_rate=discount_rate,
        discount=full - net,
        net=net,
        tax_class=tax_class,
        tax_rate=tax_rate,
        tax=share_of(net, tax_rate, minor_unit),
    )
    return lines, lost_lines


def _repeated(product: NDArray[np.int64], place: NDArray[np.int64]) -> NDArray[np.bool_]:
    """Whether each line's product stands on a line before it; `place` is the line's place in its order."""
    repeated = np.zeros(len(product), dtype=np.bool_)
    distance = 1
    rows = np.flatnonzero(place >= distance)
    while len(rows):
        repeated[rows] |= product[rows] == product[rows - distance]
        distance += 1
        rows = rows[place[rows] >= distance]
    return repeated


def _lost(
    scenario: Scenario, orders: Orders, order: NDArray[np.int64], product: NDArray[np.int64], draws: np.random.Generator
) -> NDArray[np.bool_]:
    """Whether each line meets an empty shelf and is given up; the first line of an order waits instead."""
    day = orders.day[order]
    warehouse = warehouses_of(scenario).of_country[orders.country[order]]
    empty = back_in_stock(scenario, product, warehouse, day) > day
    is_first = np.diff(order, prepend=-1) != 0
    return np.asarray(empty & ~is_first & (draws.random(len(order)) < LOST_SHARE))


@cache
def minor_unit_of_country(scenario: Scenario) -> NDArray[np.int64]:
    """The smallest amount in hundredths, by country."""
    units = {currency.code: currency.minor_unit for currency in currencies_of(scenario)}
    return np.array([units[country.currency] for country in countries_of(scenario)])


@cache
def _market_of_country(scenario: Scenario) -> NDArray[np.int64]:
    numbers = {market.code: number for number, market in enumerate(markets_of(scenario))}
    return np.array([numbers[country.market] for country in countries_of(scenario)])


def _products(
    scenario: Scenario,
    block: Block,
    reduced: NDArray[np.int32],
    kind: NDArray[np.int64],
    country: NDArray[np.int64],
    day: NDArray[np.int64],
    draws: np.random.Generator,
) -> NDArray[np.int64]:
    """A product on sale on the day for each line, by popularity among the line's type of customer and hemisphere.

    Persons in a market with promotions on the day are choosy: their picks are thinned so that what is reduced is picked as much
    more often as its lift.
    """
    products = range_of(scenario)
    hemispheres = np.array([HEMISPHERES.index(land.hemisphere) for land in countries_of(scenario)])
    pool = kind * len(HEMISPHERES) + hemispheres[country]
    weights = [
        pick_weights(scenario, block.month, customer_type, hemisphere)
        for customer_type in range(len(CUSTOMER_TYPES))
        for hemisphere in HEMISPHERES
    ]
    edges = np.concatenate([[0], np.cumsum(np.concatenate(weights))])  # of all pools, one after the other
    first_product = pool * len(weights[0])
    pools = Stretches(edges)
    low = edges[first_product]
    width = edges[first_product + len(weights[0])] - low
    market, place = _market_of_country(scenario)[country], day - block.first_day
    choosy = (kind == PERSON) & (reduced.max(axis=1) >= 0)[market, place]
    picked = np.empty(len(kind), dtype=np.int64)
    open_rows = np.arange(len(kind))
    while len(open_rows):
        aim = low[open_rows] + (draws.random(len(open_rows)) * width[open_rows]).astype(np.int64)
        product = pools.of(aim) - first_product[open_rows]
        picked[open_rows] = product
        off_sale = (products.launch_day[product] > day[open_rows]) | (products.withdrawal_day[product] <= day[open_rows])
        uniform = draws.random(len(open_rows))
        promotion = reduced[market[open_rows], product, place[open_rows]]
        passed_over = choosy[open_rows] & (uniform * LARGEST_LIFT >= _lift(scenario, product, promotion))
        open_rows = open_rows[off_sale | passed_over]
    return picked


def _lift(scenario: Scenario, product: NDArray[np.int64], promotion: NDArray[np.int32]) -> NDArray[np.float64]:
    """How much more often a product is picked for its promotion; 1 without one."""
    lift = np.ones(len(product))
    reduced = np.flatnonzero(promotion >= 0)
    price = 1 - discount_percents(scenario)[promotion[reduced]] / 100
    lift[reduced] = np.minimum(price ** price_elasticity(scenario)[product[reduced]], LARGEST_LIFT)
    return lift


def _quantities(
    kind: NDArray[np.int64], pack_size: NDArray[np.int64], volume: NDArray[np.float64], draws: np.random.Generator
) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Units ordered, and how many trade packs of them; 0 packs where single units are ordered."""
    choice, uniform = draws.random(len(kind)), draws.random(len(kind))
    packs = np.maximum(1, np.rint(chosen(PACKS, uniform) * volume).astype(np.int64))
    singles = np.where(kind == PERSON, chosen(PERSON_QUANTITIES, uniform), chosen(SINGLES, uniform))
    in_packs = (kind == ACCOUNT) & (choice < PACK_SHARE)
    return np.where(in_packs, packs * pack_size, singles), np.where(in_packs, packs, 0)
