"""Tenants with accounts in a real PostgreSQL, for tests: an owner each, and the logins of the service and of BI tools."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import ExitStack
from dataclasses import dataclass, replace

import psycopg
import pytest

from ingest import embedded
from ingest.access import db_logins, members, organizations, principal, sessions, users
from ingest.access.install import install
from ingest.access.principal import Principal
from ingest.access.sessions import Session
from ingest.connection import Target, connect

PASSWORD = "correct horse battery staple"
DATABASE_PASSWORD = "a password of the database"

Connect = Callable[[str], psycopg.Connection]


@dataclass(frozen=True)
class Tenant:
    """An organization and its owner."""

    org_id: int
    code: str
    owner: str  # address of e-mail

    def operator(self, connection: psycopg.Connection) -> Principal:
        return principal.operator(connection, self.code)

    def login(self, connection: psycopg.Connection, email: str | None = None, password: str = PASSWORD) -> Session:
        return sessions.login(connection, email or self.owner, password, self.code)

    def principal(self, connection: psycopg.Connection, email: str | None = None) -> Principal:
        return sessions.resume(connection, self.login(connection, email).token)

    def add(self, connection: psycopg.Connection, name: str, role: str) -> str:
        """A new member; returns the address."""
        email = f"{name}@{self.code}.example"
        users.add(connection, email, name, PASSWORD)
        members.add(connection, self.operator(connection), email, role)
        return email


def add_tenant(connection: psycopg.Connection, code: str) -> Tenant:
    tenant = Tenant(organizations.add(connection, code, code.title()), code, f"owner@{code}.example")
    tenant.add(connection, "owner", "owner")
    return tenant


@pytest.fixture
def accounts(connection: psycopg.Connection) -> psycopg.Connection:
    """The operator's connection to a database with schema iam."""
    with connection.transaction():
        install(connection)
    return connection


@pytest.fixture
def brine(accounts: psycopg.Connection) -> Tenant:
    return add_tenant(accounts, "brine")


@pytest.fixture
def alkali(accounts: psycopg.Connection) -> Tenant:
    return add_tenant(accounts, "alkali")


@pytest.fixture
def login_as(accounts: psycopg.Connection, database: Target) -> Iterator[Connect]:
    """Opens connections of saltworks_api, of bi_<organization> (made at need), or of the operator once more."""
    with ExitStack() as stack:

        def open_connection(name: str) -> psycopg.Connection:
            if name == database.login.user:
                return stack.enter_context(connect(database))
            if name == db_logins.SERVICE:
                db_logins.set_password(accounts, name, DATABASE_PASSWORD)
            else:
                code = name.removeprefix(db_logins.PREFIX)
                db_logins.add(accounts, principal.operator(accounts, code), code, DATABASE_PASSWORD)
            login = embedded.Login(name, DATABASE_PASSWORD, database.login.database)
            return stack.enter_context(connect(replace(database, login=login)))

        yield open_connection


@pytest.fixture
def superuser(accounts: psycopg.Connection, database: Target) -> Iterator[psycopg.Connection]:
    """A connection of the superuser, who may do everything, tampering included."""
    with psycopg.connect(
        host=database.host, port=database.port, user=embedded.SUPERUSER, dbname=database.login.database, autocommit=True
    ) as connection:
        yield connection
