"""What changes about a customer after it was won: who looks after it, and its e-mail address."""

from __future__ import annotations

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from generators.engine.columns import rows_of
from generators.engine.plan import Chunk
from generators.engine.streams import uniform_at
from generators.sales.effects import ACCOUNT, PERSON
from generators.sales.horizon import horizon_of
from generators.sales.labels import labelled
from generators.sales.moments import dates, moments, utc_seconds
from generators.sales.people import PERSONAL_DOMAINS
from generators.sales.population import population_of
from generators.sales.workforce import seat_of_customer, workforce_of
from generators.scenario import Scenario

YEARLY_EMAIL_CHANGES = 0.04  # of persons; a customer changes it once at most
ATTRIBUTES = ("rep_id", "email")
REP, EMAIL = range(2)
TAKES_EFFECT_HOUR = 8  # local


def change_chunk(scenario: Scenario, part: str, customers: NDArray[np.int64], emails: pa.ChunkedArray) -> Chunk:
    """The changes of a block of customers, numbered within each in order of time."""
    rep_owner, rep_day, old_rep, new_rep = _rep_changes(scenario, customers)
    mail_owner, mail_day, old_mail, new_mail = _email_changes(scenario, customers, emails)
    owner, day = np.concatenate([rep_owner, mail_owner]), np.concatenate([rep_day, mail_day])
    kind = np.repeat([REP, EMAIL], [len(rep_owner), len(mail_owner)])
    old = pa.concat_arrays([pa.array(old_rep).cast(pa.string()), old_mail])
    new = pa.concat_arrays([pa.array(new_rep).cast(pa.string()), new_mail])
    order = np.lexsort((kind, day, owner))
    owner, day, kind = owner[order], day[order], kind[order]
    country = population_of(scenario).country[customers[owner]]
    changed_at = moments(scenario, utc_seconds(scenario, country, day, np.full_like(day, TAKES_EFFECT_HOUR * 3600)))
    rows = rows_of(
        "crm.customer_changes",
        {
            "customer_id": population_of(scenario).customer_id[customers[owner]],
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


def _email_changes(
    scenario: Scenario, customers: NDArray[np.int64], emails: pa.ChunkedArray
) -> tuple[NDArray[np.int64], NDArray[np.int64], pa.Array, pa.Array]:
    """Position of the person, day, old and new address: another provider, the same name."""
    population = population_of(scenario)

    def draws(purpose: str) -> NDArray[np.float64]:
        return uniform_at(scenario.seed, "crm.customer_changes", purpose, customers)

    wait = (-np.log1p(-draws("email")) / YEARLY_EMAIL_CHANGES * 365).astype(np.int64)
    day = np.maximum(population.acquired_day[customers], 0) + 1 + wait
    rows = np.flatnonzero((population.kind[customers] == PERSON) & (day < horizon_of(scenario).day_count))
    old = emails.take(pa.array(rows)).combine_chunks()
    provider = labelled(PERSONAL_DOMAINS, (draws("provider")[rows] * len(PERSONAL_DOMAINS)).astype(np.int64))
    new = pc.binary_join_element_wise(pc.replace_substring_regex(old, "@.*", ""), provider, "@")
    moved = np.flatnonzero(pc.not_equal(old, new).to_numpy(zero_copy_only=False))
    return rows[moved], day[rows[moved]], old.take(pa.array(moved)), new.take(pa.array(moved))
