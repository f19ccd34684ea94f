"""Where PostgreSQL is: libpq's own variables, or the embedded server when PGHOST says nothing.

The defaults are those of profiles.yml and docker-compose.yml, so that ingestion, dbt and psql meet in one database.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from ingest import embedded
from ingest.errors import IngestError

if TYPE_CHECKING:
    import psycopg

CONNECT_TIMEOUT_SECONDS = 10


@dataclass(frozen=True)
class Target:
    """One database and the login to it. `host` is a name, an address or the folder of a Unix socket."""

    host: str
    port: int
    login: embedded.Login
    is_embedded: bool

    def __str__(self) -> str:
        kind = "embedded server, socket in " if self.is_embedded else ""
        return f"database {self.login.database} as {self.login.user} at {kind}{self.host}:{self.port}"

    @property
    def variables(self) -> dict[str, str]:
        """Libpq's environment variables that lead psql, psycopg and dbt here."""
        return {
            "PGHOST": self.host,
            "PGPORT": str(self.port),
            "PGUSER": self.login.user,
            "PGPASSWORD": self.login.password,
            "PGDATABASE": self.login.database,
        }


def login_from_environment() -> embedded.Login:
    """PGUSER, PGPASSWORD and PGDATABASE, or the development defaults."""
    return embedded.Login(
        user=os.environ.get("PGUSER", "saltworks"),
        password=os.environ.get("PGPASSWORD", "change-me"),
        database=os.environ.get("PGDATABASE", "saltworks"),
    )


def target_from_environment(data: Path = embedded.DATA) -> Target:
    """The target that the environment names. Without PGHOST it is the embedded server of `data`.

    Raises IngestError when PGHOST is unset and no embedded server runs, or when PGPORT is not a number.
    """
    login = login_from_environment()
    host = os.environ.get("PGHOST")
    if host:
        port = os.environ.get("PGPORT", "5432")
        if not port.isdigit():
            raise IngestError(f"PGPORT must be a port number, not {port!r}")
        return Target(host, int(port), login, is_embedded=False)
    address = embedded.running(data)
    if address is None:
        raise IngestError(
            "no PostgreSQL: PGHOST is not set and the embedded server is not running; "
            "run `python ingest/server.py start`, or set PGHOST, PGPORT, PGUSER, PGPASSWORD and PGDATABASE"
        )
    return Target(address.host, address.port, login, is_embedded=True)


def connect(target: Target) -> psycopg.Connection:
    """An open connection in UTC. Raises IngestError that tells an unreachable server from a wrong login."""
    import psycopg

    try:
        return psycopg.connect(
            host=target.host,
            port=target.port,
            user=target.login.user,
            password=target.login.password,
            dbname=target.login.database,
            connect_timeout=CONNECT_TIMEOUT_SECONDS,
            application_name="saltworks ingest",
            # Within a second the server notices that a killed client is gone, and rolls back.
            options="-c TimeZone=UTC -c client_connection_check_interval=1000",
        )
    except psycopg.OperationalError as error:
        reason = str(error).strip().splitlines()[-1].strip()
        raise IngestError(f"cannot connect to {target}: {reason}; {_advice(reason, target)}") from error


@contextmanager
def acting_as(connection: psycopg.Connection, role: str) -> Iterator[None]:
    """Work with the rights of a role, inside a transaction."""
    from psycopg.sql import SQL, Identifier

    connection.execute(SQL("set local role {}").format(Identifier(role)))
    yield
    # Not after an error: the transaction is lost then, and the role with it.
    connection.execute("reset role")


def _advice(reason: str, target: Target) -> str:
    if "password authentication failed" in reason or "no password supplied" in reason:
        return "check PGUSER and PGPASSWORD"
    if "does not exist" in reason and "database" in reason:
        return f"create it with `createdb {target.login.database}`, or set PGDATABASE"
    return "check PGHOST and PGPORT, and that the server runs (`python ingest/server.py start` runs an embedded one)"
