"""What a tenant tries on the rights that it has, and on what the database is made of."""

from __future__ import annotations

import pytest
from psycopg.sql import SQL, Identifier

from generators.schema.catalog import TABLES
from ingest.access.isolation import exposures
from ingest.access.policies import tenants_may_read
from tests.python.attacks.register import PERMISSION, UNIT, attack, relations
from tests.python.tenancy import Client, organizations_seen

EVERY_RELATION = """
select format('%I.%I', nspname, relname)
from pg_class
inner join pg_namespace on pg_class.relnamespace = pg_namespace.oid
where relkind in ('r', 'p', 'v', 'm', 'f') and nspname <> 'information_schema' and nspname not like 'pg\\_%'
"""
GRANT_STAGING = "grant select on all tables in schema staging to saltworks_tenant"


@attack(6)
def reading_what_is_not_granted(client: Client) -> None:
    """Partitions, staging, sales, the answer key, hashes of keys, accounts, the ledger: the server permits none of it."""
    with client.world.superuser() as connection:
        names = {name for (name,) in connection.execute(EVERY_RELATION.encode())}
    granted = {f"raw_{table.qualified_name}" for table in TABLES.values() if tenants_may_read(table)}
    # The finished roll-ups are views with the rights of whoever asks, so their state is open as well.
    open_to_tenants = ("chemical.", "intermediate.int_reading")
    closed = {name for name in names - granted if not name.startswith(open_to_tenants)}
    for one in (
        "staging.stg_asset__control_loops",
        "raw_oms.orders",
        "raw_truth.faults",
        "raw_iam.api_keys",
        "iam.sessions",
        "ingest.loads",
    ):
        assert one in closed
    assert any(name.startswith("raw_historian.readings_") for name in closed), "partitions"
    with client.session() as connection:
        for name in sorted(closed):
            with pytest.raises(PERMISSION), connection.transaction():
                connection.execute(f"select * from {name} limit 1".encode())
                pytest.fail(f"{name} can be read")


@attack(6)
def reading_what_dbt_leaves_behind(client: Client) -> None:
    """What a build leaves when it is killed shows nothing new: __dbt_tmp has no grant, __dbt_backup keeps its policies."""
    for change, seen in (
        (f"create table {UNIT}__dbt_tmp as select * from {UNIT}", None),
        (f"alter table {UNIT} rename to dim_units__dbt_backup", {client.world.a.org_id}),
    ):
        left = f"{UNIT}__dbt_tmp" if seen is None else f"{UNIT}__dbt_backup"
        with client.world.after(f"set local role saltworks_transform; {change}; reset role", client.login) as connection:
            connection.execute("select set_config('app.token', %s, true)", (client.world.a.token,))
            if seen is None:
                with pytest.raises(PERMISSION):
                    organizations_seen(connection, left)
            else:
                assert organizations_seen(connection, left) == seen


@attack(7)
def a_view_granted_by_mistake(client: Client) -> None:
    """Views of dbt have the rights of whoever asks: granted by mistake, they show own rows alone, through a chain too."""
    for view in ("staging.stg_asset__control_loops", "intermediate.int_units__hierarchy"):
        grant = f"grant usage on schema staging, intermediate to saltworks_tenant; grant select on {view} to saltworks_tenant"
        with client.world.after(f"{grant}; {GRANT_STAGING}", client.login) as connection:
            connection.execute("select set_config('app.token', %s, true)", (client.world.a.token,))
            assert organizations_seen(connection, view) == {client.world.a.org_id}, view


@attack(8)
def what_knows_no_policies(client: Client) -> None:
    """There is no materialized view and no foreign table that a tenant could read."""
    with client.session() as connection:
        found = connection.execute(
            "select cast(cast(oid as regclass) as text) from pg_class"
            " where relkind in ('m', 'f') and has_any_column_privilege(oid, 'select')"
        ).fetchall()
    assert found == []


@attack(9)
def a_new_table(client: Client) -> None:
    """A table that dbt or ingestion has just made is nobody's to read: there are no default privileges."""
    for role, schema in (("saltworks_transform", "chemical"), ("saltworks_owner", "raw_asset")):
        change = f"set local role {role}; create table {schema}.new as select 2 as org_id; reset role"
        with client.world.after(change, client.login) as connection, pytest.raises(PERMISSION):
            connection.execute(f"select * from {schema}.new".encode())


@attack(12)
def making_things(client: Client) -> None:
    """No TRUNCATE, REFERENCES, TRIGGER, TEMP, CREATE, nor anything else that would stay."""
    for statement in (
        f"truncate {UNIT}",
        "truncate raw_historian.readings",
        "create temporary table units (org_id integer)",
        "create table pg_temp.units (org_id integer)",
        f"create table public.units as select * from {UNIT}",
        "create table chemical.units (org_id integer)",
        "create schema mine",
        f"create trigger spy after insert on {UNIT} for each row execute function tsvector_update_trigger()",
        "create function public.spy() returns integer language sql as 'select 1'",
        f"create policy mine on {UNIT} using (true)",
        f"alter table {UNIT} disable row level security",
        f"alter table {UNIT} no force row level security",
        f"drop policy tenant on {UNIT}",
        f"alter policy tenant on {UNIT} using (true)",
        f"comment on table {UNIT} is 'mine'",
        "alter function iam.current_org() immutable",
        "create role mine",
        "select lo_creat(-1)",
        "select lo_create(0)",
        "select lo_from_bytea(0, 'x')",
        "alter role saltworks_tenant bypassrls",
        f"copy {UNIT} to '/tmp/units'",
        f"copy {UNIT} to program 'cat'",
        "select pg_read_file('/etc/passwd')",
    ):
        assert client.refused(statement), statement
    with client.world.superuser() as connection:
        for privilege in ("truncate", "references", "trigger", "insert", "update", "delete", "maintain"):
            for name in relations(client):
                held = connection.execute("select has_table_privilege(%s, %s, %s)", (client.login, name, privilege)).fetchone()
                assert held == (False,), f"{privilege} on {name}"


@attack(13)
def other_roles(client: Client) -> None:
    """Nobody becomes another: SET ROLE, SET SESSION AUTHORIZATION, RESET; and row_security = off refuses instead of showing."""
    world = client.world
    others = (
        "saltworks_owner", "saltworks_auth", "saltworks_ingest", "saltworks_transform", "postgres", world.target.login.user,
        world.b.bi_login, "saltworks_tenant",
    )  # fmt: skip
    for other in others:
        assert client.refused(SQL("set role {}").format(Identifier(other))), other
        assert client.refused(SQL("set session authorization {}").format(Identifier(other))), other
    with client.session() as connection:
        for statement in ("reset role", "set role none", "reset session authorization"):
            connection.execute(statement.encode())
            assert organizations_seen(connection, UNIT) == {world.a.org_id}, statement
        for statement in ("set row_security = off", "set session_replication_role = replica"):
            with pytest.raises(PERMISSION), connection.transaction():
                connection.execute(statement.encode())
                organizations_seen(connection, UNIT)
                pytest.fail(statement)


@attack(14)
def dropping_what_it_owns(client: Client) -> None:
    """DROP OWNED BY oneself, or by the role of all tenants, which would take everybody's rights."""
    for role in (client.login, "current_user", "saltworks_tenant"):
        assert client.refused(f"drop owned by {role} cascade"), role


@attack(15)
def shadowing(client: Client) -> None:
    """No search path makes iam.current_org() call something of the tenant's own, or a relation mean another."""
    with client.session() as connection:
        for path in ("pg_temp, pg_catalog", "pg_temp, iam, public", "chemical, pg_catalog", '""'):
            connection.execute("select set_config('search_path', %s, true)", (path,))
            assert organizations_seen(connection, UNIT) == {client.world.a.org_id}, path
    for statement in (
        "create temporary table live_sessions (org_id integer)",
        "create function pg_temp.sha256(bytea) returns bytea language sql as 'select $1'",
        "create temporary view db_logins as select 2 as org_id",
    ):
        assert client.refused(statement), statement


@attack(30)
def the_catalogue(client: Client) -> None:
    """The check of `--check` finds nothing that a tenant could use."""
    with client.world.operator() as connection:
        assert exposures(connection) == []
