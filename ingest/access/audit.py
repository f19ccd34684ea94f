"""The audit trail: every change and every refusal, each bound to the one before by a hash.

Whoever changes, removes or inserts an event breaks the chain from there on. Who can rewrite all of it, or cut off its end, is
found only by a head that was kept elsewhere: `verify` returns one, and takes one.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import psycopg
from psycopg.rows import class_row
from psycopg.types.json import Jsonb

from ingest.access.transaction import transaction

START = hashlib.sha256(b"").digest()

EVENTS = """
select
    event_id,
    to_char(occurred_at at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US') as occurred_at,
    coalesce(cast(org_id as text), '') as org_id,
    actor,
    action,
    subject,
    cast(details as text) as details,
    previous_sha256,
    event_sha256
from iam.audit_events
order by event_id
"""
LATEST = """
select event_id, occurred_at, actor, action, subject, details
from iam.audit_events
where org_id is not distinct from coalesce(%(org_id)s, org_id)
order by event_id desc
limit %(limit)s
"""


@dataclass(frozen=True)
class Event:
    """One event, as people read it."""

    event_id: int
    occurred_at: datetime
    actor: str
    action: str
    subject: str
    details: dict[str, Any]


@dataclass(frozen=True)
class Head:
    """A place in the chain: so many events, the last of them with this hash."""

    events: int
    sha256: str

    def __str__(self) -> str:
        return f"{self.events}:{self.sha256}"


@dataclass(frozen=True)
class Verdict:
    """The end of the chain, and what is wrong with it: empty when nothing is."""

    head: Head
    problems: tuple[str, ...]


def record(
    connection: psycopg.Connection, actor: str, action: str, subject: str, org_id: int | None = None, **details: Any
) -> None:
    """Append an event, as the last thing in the transaction of what it tells: the trail stays locked until that ends."""
    connection.execute("select iam.append_event(%s, %s, %s, %s, %s)", (org_id, actor, action, subject, Jsonb(details)))


def verify(connection: psycopg.Connection, known: Head | None = None) -> Verdict:
    """Compute the whole chain anew. `known` is a head of before, which must still be part of it."""
    with transaction(connection):
        problems = []
        previous, number = START, 0
        found = known is None or known == Head(0, START.hex())
        for row in _events(connection):
            event_id, *fields, stored_previous, stored = row
            number += 1
            if event_id != number:
                problems.append(f"event {number} is missing: {event_id} follows {number - 1}")
                number = event_id
            elif stored_previous != previous:
                problems.append(f"event {event_id} does not continue the one before it")
            if _hash(stored_previous, str(event_id), *fields) != stored:
                problems.append(f"event {event_id} was changed")
            previous = stored
            found = found or known == Head(event_id, stored.hex())
        head = Head(number, previous.hex())
    if not found:
        problems.append(f"the chain no longer holds {known}")
    return Verdict(head, tuple(problems))


def latest(connection: psycopg.Connection, limit: int, org_id: int | None = None) -> list[Event]:
    """The newest events first: of one organization, or of all and above all."""
    with transaction(connection), connection.cursor(row_factory=class_row(Event)) as cursor:
        return cursor.execute(LATEST, {"org_id": org_id, "limit": limit}).fetchall()


def _events(connection: psycopg.Connection) -> Iterator[Any]:
    with connection.cursor("audit_events") as cursor:  # on the server's side: the trail may be long
        cursor.execute(EVENTS)
        yield from cursor


def _hash(previous: bytes, *fields: str) -> bytes:
    """The hash of an event as iam.append_event computes it: each field is hashed first, so none can borrow from another."""
    whole = hashlib.sha256(previous)
    for field in fields:
        whole.update(hashlib.sha256(field.encode()).digest())
    return whole.digest()
