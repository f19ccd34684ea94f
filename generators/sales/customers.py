"""Customers and their addresses as the CRM holds them, in blocks by order of acquisition."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from generators.calendars import local_clock
from generators.engine.columns import rows_of
from generators.engine.plan import Chunk, Family, Part
from generators.engine.streams import stream
from generators.sales.choices import choice
from generators.sales.countries import countries_of
from generators.sales.customer_changes import change_chunk
from generators.sales.effects import ACCOUNT, CUSTOMER_TYPES, PERSON
from generators.sales.horizon import horizon_of
from generators.sales.labels import by_rows, labelled
from generators.sales.moments import dates
from generators.sales.people import (
    COMPANY_DOMAIN,
    PERSONAL_DOMAINS,
    Draws,
    Pool,
    company_names,
    joined,
    person_names,
    phone_numbers,
    pool_of,
    pool_size,
    street_addresses,
)
from generators.sales.population import BASE_YEARS, cell_sizes, customer_count, customer_ids, population_of
from generators.sales.workforce import FIRST_COUNTRY, seat_of_customer, workforce_of
from generators.scenario import Scenario

CUSTOMERS_PER_PART = 50_000
ADDRESSES_PER_CUSTOMER = 4  # at most; an address's number is its customer's times this, plus its position

# Share of customers won through each channel.
CHANNELS = {
    PERSON: (("organic_search", 0.34), ("paid_search", 0.26), ("social", 0.24), ("referral", 0.16)),
    ACCOUNT: (("field_sales", 0.46), ("trade_fair", 0.18), ("referral", 0.20), ("organic_search", 0.16)),
}


def address_ids(customer_id: NDArray[np.int64], position: NDArray[np.int64]) -> NDArray[np.int64]:
    """Numbers of addresses: position 0 is the billing address."""
    return customer_id * ADDRESSES_PER_CUSTOMER + position


def created_at_of(scenario: Scenario, customers: NDArray[np.int64]) -> NDArray[np.datetime64]:
    """The beginning of the local day of acquisition, in UTC, so that no order can be older."""
    population, horizon = population_of(scenario), horizon_of(scenario)
    earliest = horizon.first.replace(year=horizon.first.year - BASE_YEARS - 1)
    shift = (horizon.first - earliest).days
    clock = local_clock(tuple(land.time_zone for land in countries_of(scenario)), earliest, shift + horizon.day_count)
    days = population.acquired_day[customers].astype(np.int64) + shift
    seconds, _ = clock.to_utc(population.country[customers].astype(np.int64), days, np.zeros_like(days))
    return np.datetime64(earliest, "s") + seconds


def _parts(scenario: Scenario) -> list[Part]:
    total = customer_count(scenario)
    return [
        Part("customers", f"{number:03}", min(CUSTOMERS_PER_PART, total - first))
        for number, first in enumerate(range(0, total, CUSTOMERS_PER_PART))
    ]


def _generate(scenario: Scenario, part: Part) -> Iterator[Chunk]:
    first = int(part.key) * CUSTOMERS_PER_PART
    population = population_of(scenario)
    customers = np.arange(first, min(first + CUSTOMERS_PER_PART, len(population.country)))
    acquired_on = dates(scenario, population.acquired_day[customers].astype(np.int64))
    created_at = created_at_of(scenario, customers)
    draws = stream(scenario.seed, "crm.customers", "identity", part.key).random((CUSTOMERS_PER_PART, 8))[: len(customers)]
    path = f"part-{part.key}.parquet"
    rows = _customer_rows(scenario, part, customers, created_at, draws)
    yield Chunk("crm.customers", path, rows, acquired_on)
    owner = np.repeat(np.arange(len(customers)), 1 + population.extra_addresses[customers])
    yield Chunk("crm.customer_addresses", path, _address_rows(scenario, part, customers, owner, created_at), acquired_on[owner])
    yield change_chunk(scenario, part.key, customers, rows["email"], rows["phone_number"])


def _customer_rows(
    scenario: Scenario,
    part: Part,
    customers: NDArray[np.int64],
    created_at: NDArray[np.datetime64],
    draws: NDArray[np.float64],
) -> pa.Table:
    population, horizon, countries = population_of(scenario), horizon_of(scenario), countries_of(scenario)
    country, kind = population.country[customers].astype(np.int64), population.kind[customers].astype(np.int64)
    ids = customer_ids(scenario, customers)
    names, emails, phones = _identities(scenario, country, kind, ids, draws)

    workforce, seats = workforce_of(scenario), seat_of_customer(scenario)[customers].astype(np.int64)
    incumbents = workforce.incumbents_on(seats, np.maximum(population.acquired_day[customers], 0))
    return rows_of(
        "crm.customers",
        {
            "customer_id": ids,
            "customer_type": labelled(CUSTOMER_TYPES, kind),
            "customer_name": names,
            "email": emails,
            "phone_number": phones,
            "country_code": labelled([land.code for land in countries], country),
            "currency_code": labelled([land.currency for land in countries], country),
            "locale_code": labelled([land.locale for land in countries], country),
            "territory_id": FIRST_COUNTRY + country,
            "rep_id": np.ma.masked_array(workforce.rep_id.ravel()[incumbents], mask=kind == PERSON),
            "acquisition_channel": _channels(scenario, part, kind),
            "payment_terms_days": population.payment_terms_days[customers],
            "acquired_on": horizon.start + population.acquired_day[customers],
            "created_at": created_at,
            "updated_at": created_at,
        },
    )


def _identities(
    scenario: Scenario,
    country: NDArray[np.int64],
    kind: NDArray[np.int64],
    ids: NDArray[np.int64],
    numbers: NDArray[np.float64],
) -> tuple[pa.Array, pa.Array, pa.Array]:
    """Names, addresses of e-mail and telephone numbers."""
    rows: list[NDArray[np.int64]] = []
    names: list[pa.Array] = []
    emails: list[pa.Array] = []
    phones: list[pa.Array] = []
    for number in range(scenario.sales.countries):
        pool = _pool(scenario, number)
        for customer_type in (PERSON, ACCOUNT):
            mine = np.flatnonzero((country == number) & (kind == customer_type))
            draws = Draws(numbers[mine])
            id_texts = pa.array(ids[mine]).cast(pa.string())
            if customer_type == PERSON:
                full_names, ascii_names = person_names(pool, draws)
                domains = draws.word(2, pa.array(PERSONAL_DOMAINS))
                emails.append(joined("", [ascii_names, id_texts, "@", domains]))
            else:
                full_names, ascii_names = company_names(pool, draws)
                emails.append(joined("", ["orders@", ascii_names, id_texts, ".", COMPANY_DOMAIN]))
            rows.append(mine)
            names.append(full_names)
            phones.append(phone_numbers(pool, draws))
    return by_rows(rows, names), by_rows(rows, emails), by_rows(rows, phones)


def _channels(scenario: Scenario, part: Part, kind: NDArray[np.int64]) -> pa.Array:
    numbers = stream(scenario.seed, "crm.customers", "channel", part.key).random(CUSTOMERS_PER_PART)[: len(kind)]
    columns = [
        labelled([name for name, _ in options], choice([share for _, share in options], numbers)).cast(pa.string())
        for options in (CHANNELS[PERSON], CHANNELS[ACCOUNT])
    ]
    return pc.if_else(pa.array(kind == ACCOUNT), columns[ACCOUNT], columns[PERSON])


def _address_rows(
    scenario: Scenario,
    part: Part,
    customers: NDArray[np.int64],
    owner: NDArray[np.int64],
    created_at: NDArray[np.datetime64],
) -> pa.Table:
    """The billing address of every customer, followed by its shipping addresses."""
    population, countries = population_of(scenario), countries_of(scenario)
    position = np.arange(len(owner)) - np.searchsorted(owner, owner)
    country = population.country[customers[owner]].astype(np.int64)
    shape = (CUSTOMERS_PER_PART, ADDRESSES_PER_CUSTOMER, 8)
    numbers = stream(scenario.seed, "crm.customer_addresses", "address", part.key).random(shape)[owner, position]
    rows = [np.flatnonzero(country == number) for number in range(len(countries))]
    parts = [street_addresses(_pool(scenario, number), Draws(numbers[mine])) for number, mine in enumerate(rows)]
    streets, cities, postcodes = (by_rows(rows, list(texts)) for texts in zip(*parts, strict=True))
    customer_id = customer_ids(scenario, customers[owner])
    return rows_of(
        "crm.customer_addresses",
        {
            "address_id": address_ids(customer_id, position),
            "customer_id": customer_id,
            "address_type": labelled(("billing", "shipping"), np.minimum(position, 1)),
            "street_address": streets,
            "city": cities,
            "postal_code": postcodes,
            "country_code": labelled([land.code for land in countries], country),
            "created_at": created_at[owner],
            "updated_at": created_at[owner],
        },
    )


def _pool(scenario: Scenario, country: int) -> Pool:
    code = countries_of(scenario)[country].code
    return pool_of(scenario.seed, code, pool_size(int(cell_sizes(scenario)[country].sum())))


FAMILY: Family[Scenario] = Family(
    "customers", ("crm.customers", "crm.customer_addresses", "crm.customer_changes"), _parts, _generate
)
