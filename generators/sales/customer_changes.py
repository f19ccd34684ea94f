"""What changes about a customer after it was won: who looks after it, its e-mail address and its telephone number."""

from __future__ import annotations

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from generators.engine.columns import rows_of
from generators.engine.plan import Chunk
from generators.engine.streams import uniform_at
from generators.sales.countries import countries_of
from generators.sales.effects import ACCOUNT, PERSON
from generators.sales.horizon import horizon_of
from generators.sales.labels import by_rows, labelled
from generators.sales.moments import dates, moments, utc_seconds
from generators.sales.people import PERSONAL_DOMAINS, phone_numbers_at, pool_of, pool_size
from generators.sales.population import cell_sizes, customer_ids, population_of
from generators.sales.workforce import seat_of_customer, workforce_of
from generators.scenario import Scenario

YEARLY_EMAIL_CHANGES = 0.04  # of persons; a customer changes each of the two once at most
YEARLY_PHONE_CHANGES = 0.03  # of all customers
ATTRIBUTES = ("rep_id", "email", "phone_number")
REP, EMAIL, PHONE = range(3)
TAKES_EFFECT_HOUR = 8  # local


def change_chunk(
    scenario: Scenario, part: str, customers: NDArray[np.int64], emails: pa.ChunkedArray, phones: pa.ChunkedArray
) -> Chunk:
    """The changes of a block of customers, numbered within each in order of time."""
    rep_owner, rep_day, old_rep, new_rep = _rep_changes(scenario, customers)
    mail_owner, mail_day, old_mail, new_mail = _email_changes(scenario, customers, emails)
    phone_owner, phone_day, old_phone, new_phone = _phone_changes(scenario, customers, phones)
    owner = np.concatenate([rep_owner, mail_owner, phone_owner])
    day = np.concatenate([rep_day, mail_day, phone_day])
    kind = np.repeat([REP, EMAIL, PHONE], [len(rep_owner), len(mail_owner), len(phone_owner)])
    old = pa.concat_arrays([pa.array(old_rep).cast(pa.string()), old_mail, old_phone])
    new = pa.concat_arrays([pa.array(new_rep).cast(pa.string()), new_mail, new_phone])
    order = np.lexsort((kind, day, owner))
    owner, day, kind = owner[order], day[order], kind[order]
    country = population_of(scenario).country[customers[owner]]
    changed_at = moments(scenario, utc_seconds(scenario, country, day, np.full_like(day, TAKES_EFFECT_HOUR * 3600)))
    rows = rows_of(
        "crm.customer_changes",
        {
            "customer_id": customer_ids(scenario, customers[owner]),
            "change_seq": np.arange(len(owner)) - np.searchsorted(owner, owner) + 1,
            "changed_attribute": labelled(ATTRIBUTES, kind),
            "old_value": old.take(pa.array(order)),
            "new_value": new.take(pa.array(order)),
            "changed_at": changed_at,
            "created_at": changed_at,
            "updated_at": changed_at,
        },
    )
    return Chunk("crm.customer_changes", f"part-{part}.parquet", rows, dates(scenario, day))


def _rep_changes(
    scenario: Scenario, customers: NDArray[np.int64]
) -> tuple[NDArray[np.int64], NDArray[np.int64], NDArray[np.int64], NDArray[np.int64]]:
    """Position of the account, day, predecessor and successor: every hiring into its seat after it was won."""
    population, workforce = population_of(scenario), workforce_of(scenario)
    accounts = np.flatnonzero(population.kind[customers] == ACCOUNT)
    hired = workforce.hired_day[seat_of_customer(scenario)[customers[accounts]]]
    won = np.maximum(population.acquired_day[customers[accounts]], 0)
    account, turn = np.nonzero((hired > won[:, None]) & (hired < horizon_of(scenario).day_count))
    reps = workforce.rep_id[seat_of_customer(scenario)[customers[accounts]]]
    return accounts[account], hired[account, turn], reps[account, turn - 1], reps[account, turn]


def _draws(scenario: Scenario, purpose: str, customers: NDArray[np.int64]) -> NDArray[np.float64]:
    return uniform_at(scenario.seed, "crm.customer_changes", purpose, customers)


def _change_days(scenario: Scenario, purpose: str, yearly: float, customers: NDArray[np.int64]) -> NDArray[np.int64]:
    """The day on which each customer changes something that so many change in a year; mostly beyond the plan."""
    wait = (-np.log1p(-_draws(scenario, purpose, customers)) / yearly * 365).astype(np.int64)
    return np.asarray(np.maximum(population_of(scenario).acquired_day[customers], 0) + 1 + wait)


def _email_changes(
    scenario: Scenario, customers: NDArray[np.int64], emails: pa.ChunkedArray
) -> tuple[NDArray[np.int64], NDArray[np.int64], pa.Array, pa.Array]:
    """Position of the person, day, old and new address: another provider, the same name."""
    day = _change_days(scenario, "email", YEARLY_EMAIL_CHANGES, customers)
    rows = np.flatnonzero((population_of(scenario).kind[customers] == PERSON) & (day < horizon_of(scenario).day_count))
    old = emails.take(pa.array(rows)).combine_chunks()
    choice = _draws(scenario, "provider", customers)[rows]
    provider = pa.array(PERSONAL_DOMAINS).take(pa.array((choice * len(PERSONAL_DOMAINS)).astype(np.int64)))
    new = pc.binary_join_element_wise(pc.replace_substring_regex(old, "@.*", ""), provider, "@")
    return _moved(rows, day, old, new)


def _phone_changes(
    scenario: Scenario, customers: NDArray[np.int64], phones: pa.ChunkedArray
) -> tuple[NDArray[np.int64], NDArray[np.int64], pa.Array, pa.Array]:
    """Position of the customer, day, old and new number in the same country."""
    day = _change_days(scenario, "phone", YEARLY_PHONE_CHANGES, customers)
    rows = np.flatnonzero(day < horizon_of(scenario).day_count)
    stem, last_digits = (_draws(scenario, purpose, customers)[rows] for purpose in ("phone_stem", "phone_digits"))
    country = population_of(scenario).country[customers[rows]]
    places = [np.flatnonzero(country == number) for number in range(len(countries_of(scenario)))]
    numbers = []
    for land, size, mine in zip(countries_of(scenario), cell_sizes(scenario).sum(axis=1), places, strict=True):
        pool = pool_of(scenario.seed, land.code, pool_size(int(size)))
        numbers.append(phone_numbers_at(pool, stem[mine], last_digits[mine]))
    return _moved(rows, day, phones.take(pa.array(rows)).combine_chunks(), by_rows(places, numbers))


def _moved(
    rows: NDArray[np.int64], day: NDArray[np.int64], old: pa.Array, new: pa.Array
) -> tuple[NDArray[np.int64], NDArray[np.int64], pa.Array, pa.Array]:
    """The changes that change something: who draws what is there already keeps it."""
    moved = np.flatnonzero(pc.not_equal(old, new).to_numpy(zero_copy_only=False))
    return rows[moved], day[rows[moved]], old.take(pa.array(moved)), new.take(pa.array(moved))
