"""Logins to the database: `bi_<organization>` for BI tools, and the password of the service's login.

The password is turned into a SCRAM verifier here: the server, and its log, never see it.
"""

from __future__ import annotations

from dataclasses import dataclass

import psycopg
from psycopg.rows import class_row
from psycopg.sql import SQL, Identifier, Literal

from ingest.access import audit
from ingest.access.errors import AccessError
from ingest.access.passwords import SHORTEST
from ingest.access.principal import Principal, operator_name
from ingest.access.transaction import transaction

SERVICE = "saltworks_api"
PREFIX = "bi_"


@dataclass(frozen=True)
class DatabaseLogin:
    """A login of a BI tool, and the one organization that it sees."""

    login_name: str
    org_code: str


def add(connection: psycopg.Connection, principal: Principal, org_code: str, password: str) -> str:
    """Make the login of an organization; returns its name. The connection's role may create roles."""
    name = PREFIX + org_code
    verifier = _verifier(connection, name, password)
    try:
        with connection.transaction():
            if not _exists(connection, name):
                connection.execute(SQL("create role {} login").format(Identifier(name)))
            connection.execute(SQL("alter role {} login password {}").format(Identifier(name), Literal(verifier)))
            connection.execute(SQL("grant saltworks_tenant to {} with inherit true, set false").format(Identifier(name)))
            connection.execute("set local role saltworks_auth")
            connection.execute(
                "insert into iam.db_logins (login_name, org_id) values (%s, %s) on conflict (login_name) do nothing",
                (name, principal.org_id),
            )
            audit.record(connection, principal.name, "db_login.add", f"db_login:{name}", principal.org_id)
    except psycopg.errors.InsufficientPrivilege as error:
        raise AccessError(f"the login {connection.info.user} may not create roles: {error.diag.message_primary}") from error
    return name


def set_password(connection: psycopg.Connection, name: str, password: str) -> None:
    """Give the service's login, or a BI login, another password."""
    if name != SERVICE and name not in {login.login_name for login in list_all(connection)}:
        raise AccessError(f"{name} is neither {SERVICE} nor a BI login")
    verifier = _verifier(connection, name, password)
    with connection.transaction():
        connection.execute(SQL("alter role {} password {}").format(Identifier(name), Literal(verifier)))
        connection.execute("set local role saltworks_auth")
        audit.record(connection, operator_name(connection), "db_login.password", f"db_login:{name}")


def remove(connection: psycopg.Connection, name: str) -> None:
    """Shut a BI login out of this database. The role stays without a way in: it may serve another database."""
    with transaction(connection):
        row = connection.execute("delete from iam.db_logins where login_name = %s returning org_id", (name,)).fetchone()
        if row is None:
            raise AccessError(f"there is no BI login {name}")
        audit.record(connection, operator_name(connection), "db_login.remove", f"db_login:{name}", row[0])


def list_all(connection: psycopg.Connection) -> list[DatabaseLogin]:
    """The BI logins of this database."""
    query = (
        "select cast(login_name as text) as login_name, org_code from iam.db_logins"
        " inner join iam.organizations using (org_id) order by login_name"
    )
    with transaction(connection), connection.cursor(row_factory=class_row(DatabaseLogin)) as cursor:
        return cursor.execute(query).fetchall()


def _verifier(connection: psycopg.Connection, name: str, password: str) -> str:
    if len(password) < SHORTEST:
        raise AccessError(f"the password is too short: {SHORTEST} characters at least")
    return connection.pgconn.encrypt_password(password.encode(), name.encode(), b"scram-sha-256").decode()


def _exists(connection: psycopg.Connection, name: str) -> bool:
    return connection.execute("select from pg_roles where rolname = %s", (name,)).fetchone() is not None
