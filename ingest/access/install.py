"""Authentication's part of `--init`: schema `iam`, the roles that own and read things, and iam.current_org()."""

from __future__ import annotations

from pathlib import Path

import psycopg

from ingest.errors import IngestError

FILES = sorted((Path(__file__).parent / "schema").glob("*.sql"))
OLDEST_VERSION = 160_000  # GRANT … WITH INHERIT, SET


def install(connection: psycopg.Connection) -> None:
    """Create what is missing, and bring functions, guards and grants to their present form; in one transaction.

    The connection's role owns the database and may create roles. Raises IngestError when it may not, or when the server
    is older than PostgreSQL 16.
    """
    if connection.info.server_version < OLDEST_VERSION:
        raise IngestError(f"PostgreSQL 16 or newer is needed; this is {connection.info.parameter_status('server_version')}")
    try:
        with connection.transaction():
            for file in FILES:
                connection.execute(file.read_bytes())
    except psycopg.errors.InsufficientPrivilege as error:
        raise IngestError(
            f"{connection.info.user} may not set up access: {error.diag.message_primary}; it must own the database, and have"
            " CREATEROLE and the roles saltworks_* that are there already (or be a superuser)"
        ) from error
