"""Sales representatives: seats in every country, each held by one person after the other without a gap."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from generators.engine.columns import rows_of
from generators.engine.plan import Chunk, Family, Part
from generators.engine.streams import stream
from generators.sales.countries import countries_of
from generators.sales.effects import ACCOUNT
from generators.sales.horizon import horizon_of
from generators.sales.people import Draws, joined, person_names, pool_of, pool_size
from generators.sales.population import cell_sizes, population_of
from generators.scenario import Scenario

ACCOUNTS_PER_SEAT = 80
INCUMBENTS = 24  # per seat, enough for a lifetime of the company
SHORTEST_STAY_DAYS, MEAN_STAY_DAYS = 180, 1_000

WORLD_TERRITORY, FIRST_REGION, FIRST_COUNTRY = 1, 10, 100
HEAD_REP, FIRST_MANAGER, FIRST_REP = 1, 10, 101
MANAGERS_HIRED = np.timedelta64(5 * 365, "D")  # before the first day of sales
EMAIL_DOMAIN = "saltworks.example"


@dataclass(frozen=True)
class Workforce:
    """Seats by number; incumbents by seat and turn. Each leaves on the day on which the next is hired."""

    country: NDArray[np.int64]
    first_seat: NDArray[np.int64]  # by country; one more entry closes the last
    hired_day: NDArray[np.int64]
    rep_id: NDArray[np.int64]

    def incumbents_on(self, seats: NDArray[np.int64], days: NDArray[np.int64]) -> NDArray[np.int64]:
        """Who holds each seat on each day (day numbers, not before the horizon), as an index of the flattened arrays."""
        span = 1 << 20
        keys = (np.arange(len(self.hired_day))[:, None] * span + self.hired_day + span // 2).ravel()
        return np.asarray(np.searchsorted(keys, seats * span + days + span // 2, side="right") - 1)


def regions_of(scenario: Scenario) -> tuple[str, ...]:
    """The regions of the scenario's countries, in order of their first country."""
    return tuple(dict.fromkeys(country.region for country in countries_of(scenario)))


@cache
def workforce_of(scenario: Scenario) -> Workforce:
    """All seats and incumbents. Numbers of persons follow the day of hiring, so later hires change no earlier number."""
    accounts = cell_sizes(scenario)[:, ACCOUNT]
    seats = np.maximum(1, np.rint(accounts / ACCOUNTS_PER_SEAT)).astype(np.int64)
    country = np.repeat(np.arange(len(seats)), seats)
    draws = stream(scenario.seed, "crm.sales_reps", "stays")
    first = -1 - (draws.random(len(country)) * MEAN_STAY_DAYS).astype(np.int64)
    stays = SHORTEST_STAY_DAYS + (draws.standard_exponential((len(country), INCUMBENTS)) * MEAN_STAY_DAYS).astype(np.int64)
    stays[:, 0] = np.maximum(stays[:, 0], 1 - first)  # the first is there on the first day
    hired = first[:, None] + np.concatenate([np.zeros((len(country), 1), np.int64), np.cumsum(stays, axis=1)[:, :-1]], axis=1)
    rank = np.empty(hired.size, dtype=np.int64)
    rank[np.argsort(hired.ravel(), kind="stable")] = np.arange(hired.size)
    return Workforce(country, np.concatenate([[0], np.cumsum(seats)]), hired, FIRST_REP + rank.reshape(hired.shape))


@cache
def seat_of_customer(scenario: Scenario) -> NDArray[np.int32]:
    """The seat in charge of each account, by customer; persons have one as well but never meet it."""
    workforce, population = workforce_of(scenario), population_of(scenario)
    first = workforce.first_seat[population.country]
    count = workforce.first_seat[population.country + 1] - first
    choice = stream(scenario.seed, "crm.customers", "seat").random(len(count))
    seats: NDArray[np.int32] = (first + (choice * count).astype(np.int64)).astype(np.int32)
    return seats


def _parts(_: Scenario) -> list[Part]:
    return [Part("workforce", "all", 1)]


def _generate(scenario: Scenario, _: Part) -> Iterator[Chunk]:
    yield Chunk("crm.territories", "part-000.parquet", _territory_rows(scenario))
    rows = _rep_rows(scenario)
    yield Chunk("crm.sales_reps", "part-000.parquet", rows, rows["hired_on"].to_numpy())
    assignments = _assignment_rows(scenario, rows)
    effective_from = assignments["effective_from"].to_numpy()
    yield Chunk("crm.territory_assignments", "part-000.parquet", assignments, effective_from)


def _territory_rows(scenario: Scenario) -> pa.Table:
    regions = regions_of(scenario)
    rows: list[tuple[int, int | None, str, int, str | None]] = [(WORLD_TERRITORY, None, "World", 1, None)]
    rows += [(FIRST_REGION + number, WORLD_TERRITORY, region, 2, None) for number, region in enumerate(regions)]
    rows += [
        (FIRST_COUNTRY + number, FIRST_REGION + regions.index(country.region), country.name, 3, country.code)
        for number, country in enumerate(countries_of(scenario))
    ]
    ids, parents, names, levels, codes = zip(*rows, strict=True)
    loaded = np.full(len(rows), horizon_of(scenario).go_live)
    return rows_of(
        "crm.territories",
        {
            "territory_id": list(ids),
            "parent_territory_id": list(parents),
            "territory_name": list(names),
            "territory_level": list(levels),
            "country_code": list(codes),
            "created_at": loaded,
            "updated_at": loaded,
        },
    )


def _rep_rows(scenario: Scenario) -> pa.Table:
    """Managers first, who stay; then everybody hired before the horizon's end."""
    horizon, workforce, countries = horizon_of(scenario), workforce_of(scenario), countries_of(scenario)
    regions = regions_of(scenario)
    manager_country = [0] + [next(n for n, land in enumerate(countries) if land.region == region) for region in regions]
    seat, turn = np.nonzero(workforce.hired_day < horizon.day_count)
    order = np.argsort(workforce.rep_id[seat, turn])
    seat, turn = seat[order], turn[order]
    rep_country = workforce.country[seat]
    rep_region = np.array([regions.index(country.region) for country in countries])[rep_country]
    managers = len(manager_country)

    manager_ids = np.array([HEAD_REP, *range(FIRST_MANAGER, FIRST_MANAGER + len(regions))])
    rep_ids = np.concatenate([manager_ids, workforce.rep_id[seat, turn]])
    country = np.concatenate([manager_country, rep_country])
    full_names, emails = _rep_names(scenario, country, rep_ids)
    hired_on = horizon.start + np.concatenate([np.zeros(managers, np.int64), workforce.hired_day[seat, turn]])
    hired_on[:managers] -= MANAGERS_HIRED
    parents = np.concatenate([np.full(managers, HEAD_REP), FIRST_MANAGER + rep_region])
    titles = ["Head of Sales"] + ["Regional Manager"] * len(regions) + ["Sales Representative"] * len(seat)
    territory = [WORLD_TERRITORY] + [FIRST_REGION + number for number in range(len(regions))]
    created_at = hired_on.astype("datetime64[us]")
    return rows_of(
        "crm.sales_reps",
        {
            "rep_id": rep_ids,
            "manager_rep_id": np.ma.masked_array(parents, mask=rep_ids == HEAD_REP),
            "territory_id": np.concatenate([territory, FIRST_COUNTRY + rep_country]),
            "full_name": full_names,
            "email": emails,
            "job_title": titles,
            "hired_on": hired_on,
            "created_at": created_at,
            "updated_at": created_at,
        },
    )


def _assignment_rows(scenario: Scenario, reps: pa.Table) -> pa.Table:
    """Everybody takes up a territory on the day of hiring, and gives it up on the day on which the successor is hired."""
    horizon, workforce = horizon_of(scenario), workforce_of(scenario)
    seat, turn = np.nonzero(workforce.hired_day[:, 1:] < horizon.day_count)
    active = reps.select(["rep_id", "territory_id", "hired_on"]).rename_columns(["rep_id", "territory_id", "effective_from"])
    ended = pa.table(
        {
            "rep_id": workforce.rep_id[seat, turn],
            "territory_id": FIRST_COUNTRY + workforce.country[seat],
            "effective_from": horizon.start + workforce.hired_day[seat, turn + 1],
        },
        schema=active.schema,
    )
    both = pa.concat_tables([active, ended])
    effective_from = both["effective_from"].to_numpy()
    return rows_of(
        "crm.territory_assignments",
        {
            "rep_id": both["rep_id"],
            "territory_id": both["territory_id"],
            "effective_from": effective_from,
            "assignment_status": ["active"] * active.num_rows + ["ended"] * ended.num_rows,
            "created_at": effective_from,
            "updated_at": effective_from,
        },
    ).sort_by([("effective_from", "ascending"), ("rep_id", "ascending")])


def _rep_names(scenario: Scenario, country: NDArray[np.int64], rep_ids: NDArray[np.int64]) -> tuple[pa.Array, pa.Array]:
    """Names by person; a person's draws depend on the number alone, so that later hires leave the earlier names alone."""
    numbers = stream(scenario.seed, "crm.sales_reps", "names").random((int(rep_ids.max()) + 1, 2))[rep_ids]
    names = np.empty(len(rep_ids), dtype=object)
    local_parts = np.empty(len(rep_ids), dtype=object)
    for number, land in enumerate(countries_of(scenario)):
        rows = np.flatnonzero(country == number)
        pool = pool_of(scenario.seed, land.code, pool_size(int(cell_sizes(scenario)[number].sum())))
        full, ascii_names = person_names(pool, Draws(numbers[rows]))
        names[rows] = full.to_pylist()
        local_parts[rows] = ascii_names.to_pylist()
    ids = pa.array(rep_ids).cast(pa.string())
    emails = joined("", [pa.array(local_parts.tolist()), ids, "@" + EMAIL_DOMAIN])
    return pa.array(names.tolist()), emails


FAMILY: Family[Scenario] = Family(
    "workforce", ("crm.territories", "crm.sales_reps", "crm.territory_assignments"), _parts, _generate
)
