"""What must stand before rows can come, and what `--init` does: roles, accounts, the ledger, the raw tables, their policies.

Every step may be done again, and does nothing where its work is done already. All happen in one transaction.
"""

from __future__ import annotations

from collections.abc import Callable

import psycopg

from ingest import ledger, raw
from ingest.access import install, policies

LOCK = 0x5A17_0001  # an advisory lock's number means nothing; it must only be ours

STEPS: tuple[tuple[str, Callable[[psycopg.Connection], None]], ...] = (
    ("roles, and the accounts of schema iam", install.install),
    ("what the roles may make", policies.create_roles),
    ("the ledger, schema ingest", ledger.create),
    ("the raw tables, schemas raw_<source>", raw.create),
)


def lock(connection: psycopg.Connection) -> None:
    """Be alone, until the end of the transaction, with what concerns the whole database."""
    connection.execute("select pg_advisory_xact_lock(%s)", (LOCK,))


def initialise(connection: psycopg.Connection, tell: Callable[[str], None]) -> None:
    """Create what is missing. Raises IngestError when the database has something else under one of the names."""
    with connection.transaction():
        lock(connection)
        for name, step in STEPS:
            tell(name)
            step(connection)


def clear(connection: psycopg.Connection) -> None:
    """Drop the raw tables and forget what was loaded, to make room for another lake."""
    with connection.transaction():
        lock(connection)
        raw.drop(connection)
        ledger.drop(connection)
