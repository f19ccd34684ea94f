"""Two tenants of one database, filled by ingestion and built by dbt, and the ways in which a tenant's client connects.

The service signs in once for all tenants and says by a token for whom it asks; a BI tool has a login of its organization.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path

import psycopg
import pytest
from psycopg.sql import SQL, Composed, Identifier, Literal

from generators.engine.lake import read_manifest
from generators.engine.storage import storage
from ingest import embedded
from ingest.access import db_logins, members, populate, sessions, users
from ingest.access.principal import operator
from ingest.connection import Target, connect
from ingest.run import main as ingest
from tests.python.warehouse import Warehouse

PASSWORD = "only for tests, and long"
MARTS = ("chemical.dim_units", "chemical.fct_readings_by_hour")
SERVICE = db_logins.SERVICE
STRANGER = "bi_stranger"  # a login with the rights of a tenant that belongs to no organization


@dataclass(frozen=True)
class Tenant:
    """An organization, a live session of one of its members, and the login of its BI tool."""

    org_id: int
    org_code: str
    email: str
    token: str
    bi_login: str


@dataclass(frozen=True)
class World:
    """The database with its two tenants, A and B."""

    target: Target
    warehouse: Warehouse
    a: Tenant
    b: Tenant

    def connect(self, user: str) -> psycopg.Connection:
        """A connection with a tenant's login, as a service or a BI tool opens it."""
        return connect(replace(self.target, login=self.login(user)))

    def login(self, user: str) -> embedded.Login:
        """A tenant's login to this database."""
        return embedded.Login(user, PASSWORD, self.target.login.database)

    @contextmanager
    def operator(self) -> Iterator[psycopg.Connection]:
        """A connection of the database's owner, which commits at the end."""
        with connect(self.target) as connection:
            yield connection

    @contextmanager
    def superuser(self) -> Iterator[psycopg.Connection]:
        """A connection that no policy binds, for damage and for looking behind the policies; commits at the end."""
        with psycopg.connect(
            host=self.target.host, port=self.target.port, user=embedded.SUPERUSER, dbname=self.target.login.database
        ) as connection:
            yield connection

    @contextmanager
    def acting_as(self, role: str, row_of: tuple[str, int] | None = None, **settings: object) -> Iterator[psycopg.Connection]:
        """A transaction with the rights of ingestion or dbt, rolled back at the end.

        `row_of` a relation and an organization: one such row lies in pg_temp.row. `settings`, with __ for the point.
        """
        with self.superuser() as connection:
            if row_of:
                relation, org_id = row_of
                connection.execute(
                    f"create temporary table row as select * from {relation} where org_id = {org_id} limit 1".encode()
                )
                connection.execute("grant select, update on pg_temp.row to public")
            connection.execute(SQL("set local role {}").format(Identifier(role)))
            for name, value in settings.items():
                connection.execute("select set_config(%s, %s, true)", (name.replace("__", "."), str(value)))
            yield connection
            connection.rollback()

    @contextmanager
    def after(self, change: str, user: str, *values: object) -> Iterator[psycopg.Connection]:
        """A transaction in which something has changed and the login has signed in after that; rolled back at the end."""
        with self.superuser() as connection:
            connection.execute(change.encode(), values or None)
            connection.execute(SQL("set local session authorization {}").format(Identifier(user)))
            yield connection
            connection.rollback()


@dataclass(frozen=True)
class Client:
    """How tenant A reaches the database: as `service` or by its `bi` login."""

    world: World
    kind: str

    @property
    def login(self) -> str:
        """The login's name."""
        return SERVICE if self.kind == "service" else self.world.a.bi_login

    def connect(self) -> psycopg.Connection:
        """A connection that has said nothing yet."""
        return self.world.connect(self.login)

    @contextmanager
    def session(self) -> Iterator[psycopg.Connection]:
        """A transaction of tenant A, rolled back at the end."""
        with self.connect() as connection:
            self.enter(connection, self.world.a)
            yield connection
            connection.rollback()

    def enter(self, connection: psycopg.Connection, tenant: Tenant) -> None:
        """Begin a transaction of a tenant: nothing to do for a BI login, which has one tenant."""
        if self.kind == "service":
            connection.execute("select iam.enter(%s)", (tenant.token,))

    def refused(self, statement: str | Composed, *values: object) -> bool:
        """Whether the server does not permit the statement to tenant A."""
        with self.session() as connection:
            try:
                connection.execute(statement.encode() if isinstance(statement, str) else statement, values or None)
            except psycopg.errors.InsufficientPrivilege:
                return True
            return False


def organizations_seen(connection: psycopg.Connection, relation: str) -> set[int]:
    """The organizations whose rows the connection sees in a relation."""
    name = SQL(".").join(map(Identifier, relation.split(".")))
    return {row[0] for row in connection.execute(SQL("select distinct org_id from {}").format(name))}


@pytest.fixture(scope="session")
def tenants(tiny_lake: Path, new_database: Callable[[], Target], tmp_path_factory: pytest.TempPathFactory) -> World:
    """The preset tiny in PostgreSQL, the marts of its plants, and its two organizations with accounts."""
    return build(tiny_lake, new_database(), tmp_path_factory.mktemp("tenants"))


def build(lake: Path, target: Target, folder: Path) -> World:
    """Fill an empty database as the documentation says, and give both organizations a member and a BI login."""
    with pytest.MonkeyPatch.context() as patch:
        for name, value in target.variables.items():
            patch.setenv(name, value)
        assert ingest(["--init"]) == 0
        assert ingest(["--lake", str(lake)]) == 0
    warehouse = Warehouse("postgres", lake, folder, target.variables)
    warehouse.dbt("build", "--select", "chemical", "--exclude-resource-type", "test", "unit_test")
    return inhabit(target, warehouse)


def inhabit(target: Target, warehouse: Warehouse) -> World:
    """The accounts of both organizations, and a login that belongs to none."""
    with connect(target) as connection:
        populate.populate(connection, storage(warehouse.lake), read_manifest(storage(warehouse.lake)))
        db_logins.set_password(connection, SERVICE, PASSWORD)
        a, b = (_tenant(connection, code) for code in ("halden_chemicals", "meridian_materials"))
    world = World(target, warehouse, a, b)
    with world.superuser() as connection:
        if connection.execute("select from pg_roles where rolname = %s", (STRANGER,)).fetchone() is None:
            connection.execute(SQL("create role {} login in role saltworks_tenant").format(Identifier(STRANGER)))
        connection.execute(SQL("alter role {} password {}").format(Identifier(STRANGER), Literal(PASSWORD)))
    return world


def _tenant(connection: psycopg.Connection, org_code: str) -> Tenant:
    principal = operator(connection, org_code)
    email = f"tests@{org_code.replace('_', '-')}.example"
    users.add(connection, email, "A member", PASSWORD)
    members.add(connection, principal, email, "viewer")
    session = sessions.login(connection, email, PASSWORD, org_code)
    login = db_logins.add(connection, principal, org_code, PASSWORD)
    return Tenant(principal.org_id, org_code, email, session.token, login)


@pytest.fixture(params=["service", "bi"])
def client(request: pytest.FixtureRequest, tenants: World) -> Client:
    """Tenant A by the service's login, and by that of its BI tool."""
    return Client(tenants, request.param)
