"""Price lists: one per market, in its currency, revised on the first of some months, with the endings that shoppers know.

A product's price in a month depends on the last revision in which its market took part, so any month can be priced by
itself. The beginning of January is the usual day of revision; a product has about two prices in a year (fact 23).
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from generators.engine.columns import rows_of
from generators.engine.plan import Chunk, Family, Part
from generators.engine.streams import stream
from generators.sales.choices import chosen
from generators.sales.countries import Market, currencies_of, markets_of
from generators.sales.exchange import QUOTES
from generators.sales.horizon import horizon_of
from generators.sales.products import range_of
from generators.scenario import Scenario

REVISION_SHARES = (0.62, 0.08, 0.14, 0.39, 0.11, 0.11, 0.36, 0.08, 0.22, 0.39, 0.06, 0.02)  # by month, of all products
MARKET_SHARE, NINES_MARKET_SHARE = 0.95, 0.57  # of revisions are followed in a market; prices in 9 change less often (fact 49)
INFLATION = 0.025  # a year
ANNOUNCED_DAYS = 14  # ahead
REVISION_SIGMA = 0.06
MARKET_SIGMA = 0.06

# Share of prices with each ending, in hundredths of the step. Where prices have cents: 9-endings first (fact 49), then .95 and
# .50 (fact 23). Where they have none or many digits: 1,990, 1,980, 1,950 and 2,000.
ENDINGS_WITH_CENTS = ((99, 0.50), (95, 0.19), (90, 0.13), (50, 0.10), (49, 0.08))
ENDINGS_WITHOUT_CENTS = ((90, 0.50), (80, 0.25), (50, 0.15), (100, 0.10))


@cache
def price_lists(scenario: Scenario) -> NDArray[np.int32]:
    """List prices without tax in hundredths, by market (in the order of `markets_of`), month and product.

    In 32 bits, since every worker holds all of them: turn what you take into 64 before you multiply it.
    """
    markets = markets_of(scenario)
    lists = np.empty((len(markets), horizon_of(scenario).month_count, scenario.sales.products), dtype=np.int32)
    for number, market in enumerate(markets):
        lists[number] = _price_list(scenario, market)
    return lists


def _price_list(scenario: Scenario, market: Market) -> NDArray[np.int64]:
    shape = (horizon_of(scenario).month_count, scenario.sales.products)
    shares = np.resize(REVISION_SHARES, shape[0])[:, None]
    draws = stream(scenario.seed, "pim.product_prices", "market", market.code)
    level = QUOTES[market.currency].level * np.exp(MARKET_SIGMA * draws.standard_normal(shape[1]))
    ending = draws.random(shape[1])
    nines = rounded_prices(range_of(scenario).price_cents * level, market.currency, ending, scenario) % 10 == 9
    market_share = np.where(nines, NINES_MARKET_SHARE, MARKET_SHARE)
    revised = stream(scenario.seed, "pim.product_prices", "revisions").random(shape) < shares
    followed = stream(scenario.seed, "pim.product_prices", "followers", market.code).random(shape) < market_share
    months = np.arange(shape[0])[:, None]
    last_revision = np.maximum.accumulate(np.where(revised & followed, months, 0), axis=0)
    moves = stream(scenario.seed, "pim.product_prices", "moves", market.code).standard_normal(shape)
    inflated = (1 + INFLATION) ** (months / 12) * np.exp(REVISION_SIGMA * moves)
    targets = range_of(scenario).price_cents * level * np.take_along_axis(inflated, last_revision, axis=0)
    return rounded_prices(targets, market.currency, ending, scenario)


def rounded_prices(
    targets: NDArray[np.float64], currency_code: str, uniform: NDArray[np.float64], scenario: Scenario
) -> NDArray[np.int64]:
    """Prices in hundredths near `targets`, each with the ending that `uniform` (in [0, 1), last axis) selects for the product.

    The step between prices with equal endings is one unit of a currency like the euro, ten of one like the Swedish krona, a
    hundred of one like the yen; half of that below ten steps, ten times that from a hundred steps on.
    """
    digits = {currency.code: currency.digits for currency in currencies_of(scenario)}[currency_code]
    step = 100 * max(1, 10 ** int(np.floor(np.log10(QUOTES[currency_code].level))))
    endings = ENDINGS_WITH_CENTS if step == 100 and digits else ENDINGS_WITHOUT_CENTS
    ending = chosen(endings, uniform) * step // 100
    large = targets >= 100 * step
    grid = np.where(large, 10 * step, np.where(targets < 10 * step, step // 2, step))
    offset = ending + np.where(large & (ending < step), 9 * step, 0)
    steps = np.maximum(np.rint((targets - offset) / grid), 0).astype(np.int64)
    return np.asarray(steps * grid + offset)


def _parts(scenario: Scenario) -> list[Part]:
    horizon = horizon_of(scenario)
    rows = len(markets_of(scenario)) * scenario.sales.products
    return [Part("prices", str(year), rows) for year in horizon.years]


def _generate(scenario: Scenario, part: Part) -> Iterator[Chunk]:
    tables = [_rows(scenario, part, number, market) for number, market in enumerate(markets_of(scenario))]
    rows = pa.concat_tables(tables).combine_chunks()
    announced_on = rows["created_at"].to_numpy().astype("datetime64[D]")
    yield Chunk("pim.product_prices", f"part-{part.key}.parquet", rows, announced_on)


def _rows(scenario: Scenario, part: Part, number: int, market: Market) -> pa.Table:
    """The prices that begin to hold in the year of the part."""
    horizon, products = horizon_of(scenario), range_of(scenario)
    first_month = 12 * (int(part.key) - horizon.first.year)
    months = np.arange(first_month, min(first_month + 12, horizon.month_count))[:, None]
    prices = price_lists(scenario)[number]
    launch_month = np.where(products.launch_day < 0, 0, horizon.month_of_day[np.maximum(products.launch_day, 0)])
    month_starts = (horizon.month_starts - horizon.start).astype(np.int64)
    moved = prices[months[:, 0]] != prices[np.maximum(months[:, 0] - 1, 0)]
    is_first = months == launch_month
    starts = is_first | (moved & (months > launch_month) & (month_starts[months] < products.withdrawal_day))
    month, product = np.nonzero(starts)
    effective = np.where(is_first[month, product], products.launch_day[product], month_starts[first_month + month])
    effective_from = horizon.start + effective
    announced = (effective_from - ANNOUNCED_DAYS).astype("datetime64[us]")
    count = len(month)
    return rows_of(
        "pim.product_prices",
        {
            "product_id": products.product_ids.take(pa.array(product)),
            "market_code": [market.code] * count,
            "effective_from": effective_from,
            "currency_code": [market.currency] * count,
            "list_price": prices[first_month + month, product],
            "created_at": announced,
            "updated_at": announced,
        },
    )


FAMILY: Family[Scenario] = Family("prices", ("pim.product_prices",), _parts, _generate)
