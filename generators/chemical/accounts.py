"""Roles, users, memberships and API keys as raw tables: the staff of all sites as their organizations' accounts.

A person's account opens some days before the first shift and closes when the post is handed on, now and then weeks too late, as
auditors find. Of API keys there is only a prefix and a hash of random bytes: a key was never made.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from datetime import datetime, time, timedelta
from functools import cache
from typing import Any

import holidays
import numpy as np
from numpy.typing import NDArray

from generators.calendars import working_mask
from generators.chemical.fleet import Site, fleet_of
from generators.chemical.people import Person, opened_on, staff_of
from generators.chemical.processes.model import FloatArray
from generators.chemical.roles import ROLES
from generators.chemical.shifts import shift_at, to_utc
from generators.engine.columns import rows_of
from generators.engine.plan import Chunk, Part
from generators.engine.streams import stream
from generators.scenario import Scenario
from generators.schema.catalog import table as declared

FORGOTTEN = 0.06  # share of accounts that stay open after their person has left
DAYS_BETWEEN_LOGINS = {"owner": 6.0, "viewer": 3.0, "auditor": 15.0}  # mean, in working days; others come nearly every day
SECOND_FACTOR = {"owner": 1.0, "administrator": 1.0, "process_engineer": 0.8, "auditor": 0.9, "viewer": 0.5}
SECOND_FACTOR_ON_SHIFT = 0.1  # the control room shares its consoles
KEY_LIFE_DAYS, ROTATION_DAYS = 365, 330
KEY_OWNERS = {"process_engineer": 0.3, "administrator": 0.25}  # share with a key of their own
SCOPES = {
    "historian-collector": ("asset:read", "historian:write"),
    "laboratory-interface": ("asset:read", "lims:read", "lims:write"),
    "maintenance-interface": ("asset:read", "cmms:read", "cmms:write"),
    "reporting": ("asset:read", "historian:read", "alarm:read", "batch:read", "lims:read"),
}
OWN_SCOPES = ("asset:read", "historian:read")
PREFIX_ALPHABET = "abcdefghijklmnopqrstuvwxyz234567"  # of base32

Row = dict[str, Any]


@dataclass(frozen=True)
class Member:
    """A person as member of an organization, at home or as a guest."""

    person: Person
    org_id: int
    joined_at: datetime
    ended_at: datetime | None


@dataclass(frozen=True)
class ApiKey:
    """The life of an API key, UTC."""

    created_at: datetime
    expires_at: datetime | None
    last_used_at: datetime | None
    revoked_at: datetime | None


def parts(scenario: Scenario) -> list[Part]:
    """One part: a person for every two tags or so."""
    return [Part("accounts", "all", scenario.chemical.units * 20)]


def generate(scenario: Scenario, part: Part) -> Iterator[Chunk]:
    """Accounts of all organizations, one file per table."""
    for table, rows in TABLES.items():
        listed = list(rows(scenario))
        columns = {name: [row[name] for row in listed] for name in declared(table).column_names}
        yield Chunk(table, "part-all.parquet", rows_of(table, columns))


def roles(scenario: Scenario) -> Iterator[Row]:
    """Rows of iam.roles."""
    opened = _opened(scenario)
    for owner in fleet_of(scenario).organizations:
        for role in ROLES:
            yield {
                "org_id": owner.org_id,
                "role_id": role.role_id(owner.org_id),
                "role_code": role.code,
                "role_name": role.name,
                "description": role.description,
                "role_level": role.level,
                **_recorded(opened),
            }


def role_permissions(scenario: Scenario) -> Iterator[Row]:
    """Rows of iam.role_permissions."""
    opened = _opened(scenario)
    for owner in fleet_of(scenario).organizations:
        for role in ROLES:
            for permission in role.permissions:
                yield {
                    "org_id": owner.org_id,
                    "role_id": role.role_id(owner.org_id),
                    "permission": permission,
                    **_recorded(opened),
                }


def users(scenario: Scenario) -> Iterator[Row]:
    """Rows of iam.users."""
    opened = _opened(scenario)
    end = datetime.combine(scenario.end, time())
    for site in fleet_of(scenario).sites:
        rng = stream(scenario.seed, "iam.users", "account", str(site.site_id))
        for person in staff_of(scenario, site).people:
            ahead, hour, forgotten, late, secured = rng.random(5)
            created_at = max(opened, _at_work(person.since - timedelta(days=1 + int(ahead * 4)), float(hour)))
            closed_at = _closed_at(person, bool(forgotten < FORGOTTEN), float(late))
            deactivated_at = None if closed_at is None or closed_at >= end else closed_at
            last_login_at = _last_login_at(scenario, person, rng.random(3))
            factor = SECOND_FACTOR_ON_SHIFT if person.post.team else SECOND_FACTOR.get(person.post.role.code, 0.2)
            is_service = person.post.service is not None
            yield {
                "org_id": person.org_id,
                "user_id": person.user_id,
                "user_kind": "service" if is_service else "person",
                "email": person.email,
                "full_name": person.full_name,
                "is_external": person.post.is_external,
                "has_second_factor": not is_service and bool(secured < factor),
                "user_status": "active" if deactivated_at is None else "deactivated",
                "deactivated_at": deactivated_at,
                "last_login_at": last_login_at,
                **_recorded(created_at, deactivated_at, last_login_at),
            }


def _at_work(morning: datetime, hour: float) -> datetime:
    """Some time between 08:00 and 16:00 on a day that begins with the shift change of a morning."""
    return morning + timedelta(seconds=int((2 + 8 * hour) * 3_600))


def _closed_at(person: Person, is_forgotten: bool, late: float) -> datetime | None:
    """When the account of a person who leaves is closed: within hours, or after one to ten weeks when it was forgotten."""
    if person.until is None:
        return None
    seconds = 7 * 86_400 + late * 63 * 86_400 if is_forgotten else 600 + late * 10 * 3_600
    return person.until + timedelta(seconds=int(seconds))


def _last_login_at(scenario: Scenario, person: Person, draws: FloatArray) -> datetime | None:
    """The latest login before the person left or the data end: at a shift of the own team, or on a working day."""
    if person.post.service is not None:
        return None
    end = min(person.until or datetime.max, datetime.combine(scenario.end, time()))
    if person.post.team is not None:
        login = _last_shift_at(person, end, absent=draws[0] < 0.15) + timedelta(seconds=int(draws[1] * 2_400))
    else:
        skipped = int(-np.log1p(-draws[0]) * DAYS_BETWEEN_LOGINS.get(person.post.role.code, 0.6))
        login = _working_day_at(scenario, person, end, skipped, float(draws[2]))
    return login if person.since <= login < end else None


def _last_shift_at(person: Person, end: datetime, absent: bool) -> datetime:
    """When the team's last finished shift before `end` began, or the one before it."""
    zone = person.site.place.time_zone
    found = 0
    moment = end
    while True:
        moment -= timedelta(hours=12)
        shift = shift_at(zone, moment)
        found += shift.team == person.post.team
        if found > absent:
            return shift.starts_at(zone)


def _working_day_at(scenario: Scenario, person: Person, end: datetime, skipped: int, hour: float) -> datetime:
    """Some time between 07:00 and 17:00 on the last working day before `end`, `skipped` working days aside."""
    place = person.site.place
    first, mask = opened_on(scenario), _working_days(scenario, place.country_code)
    days = np.flatnonzero(mask[: max((end.date() - first).days - 1, 0)])
    if len(days) <= skipped:
        return datetime.min
    day = first + timedelta(days=int(days[-1 - skipped]))
    return to_utc(day, time(7), place.time_zone) + timedelta(seconds=int(hour * 36_000))


@cache
def _working_days(scenario: Scenario, country_code: str) -> NDArray[np.bool_]:
    """Whether each day from the opening to the end of the data is a working day in a country."""
    weekend = tuple(day + 1 for day in sorted(holidays.country_holidays(country_code).weekend))
    first = opened_on(scenario)
    return working_mask(country_code, weekend, first, (scenario.end - first).days)


def memberships(scenario: Scenario) -> Iterator[Row]:
    """Rows of iam.memberships."""
    for member in _members(scenario):
        person = member.person
        is_at_site = not person.post.at_head_office and member.org_id == person.org_id
        yield {
            "org_id": member.org_id,
            "user_id": person.user_id,
            "home_org_id": person.org_id,
            "role_id": person.post.role.role_id(member.org_id),
            "site_id": person.site.site_id if is_at_site else None,
            "job_title": person.post.job_title,
            "shift_team": person.post.team,
            "joined_at": member.joined_at,
            "ended_at": member.ended_at,
            **_recorded(member.joined_at, member.ended_at),
        }


def _members(scenario: Scenario) -> Iterator[Member]:
    """Everybody at home, and the consultants once more as guests of a second organization, if there is one."""
    fleet = fleet_of(scenario)
    end = datetime.combine(scenario.end, time())
    for site in fleet.sites:
        rng = stream(scenario.seed, "iam.memberships", "guests", str(site.site_id))
        for person in staff_of(scenario, site).people:
            at_home = Member(person, person.org_id, person.since, person.until)
            yield at_home
            if person.post.is_external and len(fleet.organizations) > 1:
                others = [owner.org_id for owner in fleet.organizations if owner.org_id != person.org_id]
                host = others[int(rng.integers(len(others)))]
                waited = timedelta(days=int(rng.random() * 0.5 * ((person.until or end) - person.since).days))
                yield replace(at_home, org_id=host, joined_at=person.since + waited)


def api_keys(scenario: Scenario) -> Iterator[Row]:
    """Rows of iam.api_keys."""
    for site in fleet_of(scenario).sites:
        yield from _keys_of_site(scenario, site)


def _keys_of_site(scenario: Scenario, site: Site) -> Iterator[Row]:
    lives = stream(scenario.seed, "iam.api_keys", "lives", str(site.site_id))
    secrets = stream(scenario.seed, "iam.api_keys", "hashes", str(site.site_id))
    end = datetime.combine(scenario.end, time())
    for person in staff_of(scenario, site).people:
        if person.post.service is not None:
            keys, scopes, purpose = list(_service_keys(person, end, lives)), SCOPES[person.post.service], person.full_name
        elif lives.random() < KEY_OWNERS.get(person.post.role.code, 0.0):
            keys, scopes, purpose = [_own_key(person, end, lives)], OWN_SCOPES, "Notebook"
        else:
            continue
        for number, key in enumerate(keys, start=1):
            letters = "".join(PREFIX_ALPHABET[place] for place in secrets.integers(0, len(PREFIX_ALPHABET), 8))
            yield {
                "org_id": person.org_id,
                "api_key_id": person.user_id * 100 + number,
                "user_id": person.user_id,
                "key_name": f"{purpose} {key.created_at:%Y-%m}",
                "key_prefix": f"sw_live_{letters}",
                "key_sha256": hashlib.sha256(secrets.bytes(32)).hexdigest(),
                "scopes": " ".join(scopes),
                "expires_at": key.expires_at,
                "last_used_at": key.last_used_at,
                "revoked_at": key.revoked_at,
                **_recorded(key.created_at, key.last_used_at, key.revoked_at),
            }


def _service_keys(person: Person, end: datetime, rng: np.random.Generator) -> Iterator[ApiKey]:
    """Keys that are rotated before they run out; the old one is withdrawn once the new one has been in use for days."""
    created_at = person.since + timedelta(seconds=int(rng.integers(3_600, 20 * 86_400)))
    while created_at < end:
        life, overlap, idle = int(rng.integers(-20, 21)), int(rng.integers(86_400, 7 * 86_400)), int(rng.integers(5, 900))
        next_at = created_at + timedelta(days=ROTATION_DAYS + life, seconds=int(rng.integers(86_400)))
        retired_at = next_at + timedelta(seconds=overlap)
        expires_at = created_at + timedelta(days=KEY_LIFE_DAYS)
        last_used_at = min(next_at, end) - timedelta(seconds=idle)
        yield ApiKey(
            created_at,
            expires_at,
            last_used_at if last_used_at > created_at else None,
            retired_at if retired_at < end else None,
        )
        created_at = next_at


def _own_key(person: Person, end: datetime, rng: np.random.Generator) -> ApiKey:
    """A key for a notebook: tried for a while or never, often without an end, withdrawn when its person leaves."""
    until = min(person.until or end, end)
    begin, hour, use = rng.random(3)
    days = int(begin * 0.9 * (until - person.since).days)
    created_at = _at_work(person.since + timedelta(days=days), float(hour))
    expires_at = created_at + timedelta(days=int(rng.choice((90, 365)))) if rng.random() < 0.7 else None
    used_until = min(until, expires_at or until)
    last_used_at = created_at + timedelta(seconds=int(use * (used_until - created_at).total_seconds()))
    is_withdrawn = person.until is not None and (expires_at is None or expires_at > until)
    return ApiKey(created_at, expires_at, last_used_at if rng.random() < 0.85 else None, until if is_withdrawn else None)


def _opened(scenario: Scenario) -> datetime:
    return datetime.combine(opened_on(scenario), time())


def _recorded(created_at: datetime, *changed_at: datetime | None) -> Row:
    return {"created_at": created_at, "updated_at": max([created_at, *(moment for moment in changed_at if moment is not None)])}


TABLES: dict[str, Callable[[Scenario], Iterator[Row]]] = {
    "iam.roles": roles,
    "iam.role_permissions": role_permissions,
    "iam.users": users,
    "iam.memberships": memberships,
    "iam.api_keys": api_keys,
}
