"""iam.current_org(): whoever connects sees one organization or none, whatever they set (attacks 1 to 3, 13, 15 to 17)."""

from collections.abc import Callable

import psycopg
import pytest

from ingest.access import db_logins, members, organizations, sessions, users
from ingest.access.install import install
from tests.python.accounts import PASSWORD, Connect, Tenant

SERVICE = db_logins.SERVICE


@pytest.fixture(autouse=True)
def notes(accounts: psycopg.Connection, brine: Tenant, alkali: Tenant) -> None:
    """A table of tenants' data, protected as all are: one row of each tenant."""
    with accounts.transaction():
        accounts.execute("create schema plant")
        accounts.execute("create table plant.notes (org_id integer, note text)")
        for tenant in (brine, alkali):
            accounts.execute("insert into plant.notes values (%s, %s)", (tenant.org_id, tenant.code))
        accounts.execute("alter table plant.notes enable row level security, force row level security")
        accounts.execute(
            "create policy tenant on plant.notes to saltworks_tenant"
            " using (org_id = (select iam.current_org())) with check (org_id = (select iam.current_org()))"
        )
        accounts.execute("grant usage on schema plant to saltworks_tenant")
        accounts.execute("grant select on plant.notes to saltworks_tenant")


def seen(connection: psycopg.Connection, token: str | None = None) -> list[str]:
    """What the connection sees of the table, with a token set for the transaction."""
    with connection.transaction():
        if token is not None:
            connection.execute("select set_config('app.token', %s, true)", (token,))
        return [note for (note,) in connection.execute("select note from plant.notes order by note")]


def test_the_service_sees_the_organization_of_its_token_and_nothing_after_the_transaction(
    accounts: psycopg.Connection, brine: Tenant, alkali: Tenant, login_as: Connect
) -> None:
    service = login_as(SERVICE)
    first, second = (tenant.login(accounts).token for tenant in (brine, alkali))
    for _ in range(7):  # beyond the fifth, psycopg prepares the statement and the server may keep a plan
        assert seen(service, first) == ["brine"]
        assert seen(service, second) == ["alkali"]
        assert seen(service) == []


@pytest.mark.parametrize("token", [None, "", " ", "x", "0" * 43, "' or true --", "ä" * 43])
def test_no_empty_or_garbage_token_shows_nothing(token: str | None, login_as: Connect) -> None:
    service = login_as(SERVICE)
    assert seen(service, token) == []
    assert service.execute("select iam.current_org()").fetchone() == (None,)


def test_the_stored_hash_is_no_token(accounts: psycopg.Connection, brine: Tenant, login_as: Connect) -> None:
    brine.login(accounts)
    with accounts.transaction():
        accounts.execute("set local role saltworks_auth")
        row = accounts.execute("select encode(token_sha256, 'hex') from iam.sessions").fetchone()
    assert row is not None
    assert seen(login_as(SERVICE), row[0]) == []


Ending = Callable[[psycopg.Connection, Tenant, str], object]


def as_auth(statement: str) -> Ending:
    def end(connection: psycopg.Connection, tenant: Tenant, token: str) -> None:
        with connection.transaction():
            connection.execute("set local role saltworks_auth")
            connection.execute(statement.encode())

    return end


def remove_member(connection: psycopg.Connection, tenant: Tenant, token: str) -> None:
    tenant.add(connection, "second", "owner")
    members.remove(connection, tenant.operator(connection), tenant.owner)


def deactivate_user(connection: psycopg.Connection, tenant: Tenant, token: str) -> None:
    tenant.add(connection, "second", "owner")
    users.deactivate(connection, tenant.owner)


def change_role(connection: psycopg.Connection, tenant: Tenant, token: str) -> None:
    tenant.add(connection, "second", "owner")
    members.set_role(connection, tenant.operator(connection), tenant.owner, "viewer")


ENDINGS: dict[str, Ending] = {
    "expired": as_auth("update iam.sessions set expires_at = now()"),
    "idle": as_auth("update iam.sessions set last_used_at = now() - make_interval(secs => idle_seconds)"),
    "logged out": lambda connection, tenant, token: sessions.logout(connection, token),
    "organization suspended": lambda connection, tenant, token: organizations.suspend(connection, tenant.code),
    # By the status alone too: not only because its sessions were ended.
    "status suspended": as_auth("update iam.organizations set status = 'suspended'"),
    "member removed": remove_member,
    "user deactivated": deactivate_user,
    "role changed": change_role,
    "password changed": lambda connection, tenant, token: users.set_password(connection, tenant.owner, PASSWORD),
}


@pytest.mark.parametrize("ending", ENDINGS)
def test_a_session_that_has_ended_shows_nothing(
    ending: str, accounts: psycopg.Connection, brine: Tenant, login_as: Connect
) -> None:
    service = login_as(SERVICE)
    token = brine.login(accounts).token
    assert seen(service, token) == ["brine"]
    ENDINGS[ending](accounts, brine, token)
    assert seen(service, token) == []
    with pytest.raises(psycopg.errors.InvalidAuthorizationSpecification), service.transaction():
        service.execute("select iam.enter(%s)", (token,))


def test_a_session_that_runs_out_ends_inside_a_long_transaction(
    accounts: psycopg.Connection, brine: Tenant, login_as: Connect
) -> None:
    service = login_as(SERVICE)
    token = brine.login(accounts).token
    as_auth("update iam.sessions set expires_at = clock_timestamp() + interval '0.5 s'")(accounts, brine, token)
    with service.transaction():
        service.execute("select set_config('app.token', %s, true)", (token,))
        assert service.execute("select iam.current_org()").fetchone() == (brine.org_id,)
        service.execute("select pg_sleep(0.6)")
        assert service.execute("select iam.current_org()").fetchone() == (None,)


def test_a_bi_login_sees_its_organization_whatever_it_sets(
    accounts: psycopg.Connection, brine: Tenant, alkali: Tenant, login_as: Connect
) -> None:
    bi = login_as("bi_brine")
    token = alkali.login(accounts).token
    assert seen(login_as(SERVICE), token) == ["alkali"]
    assert seen(bi) == ["brine"]
    assert seen(bi, token) == ["brine"]
    bi.execute("select set_config('app.org', %s, false)", (str(alkali.org_id),))
    assert seen(bi) == ["brine"]
    organizations.suspend(accounts, "brine")
    assert seen(bi) == []
    organizations.resume(accounts, "brine")
    assert seen(bi) == ["brine"]
    db_logins.remove(accounts, "bi_brine")
    assert seen(bi, token) == []


@pytest.mark.parametrize("login", [SERVICE, "bi_brine"])
def test_a_tenant_cannot_put_another_function_in_the_place_of_the_real_one(
    login: str, accounts: psycopg.Connection, brine: Tenant, login_as: Connect
) -> None:
    connection = login_as(login)
    for attempt in (
        "create function pg_temp.current_org() returns integer language sql as 'select 1'",
        "create temporary table live_sessions (org_id integer)",
        "create or replace function iam.current_org() returns integer language sql as 'select 1'",
        "create function public.sha256(bytea) returns bytea language sql as 'select null'",
        "create schema mine",
    ):
        with pytest.raises(psycopg.errors.InsufficientPrivilege), connection.transaction():
            connection.execute(attempt.encode())


@pytest.mark.parametrize("login", [SERVICE, "bi_brine"])
def test_a_tenant_cannot_become_another_role(login: str, login_as: Connect) -> None:
    connection = login_as(login)
    for role in ("owner", "auth", "audit", "ingest", "transform", "tenant"):
        for statement in (f"set role saltworks_{role}", f"set session authorization saltworks_{role}"):
            with pytest.raises(psycopg.errors.InsufficientPrivilege), connection.transaction():
                connection.execute(statement.encode())


@pytest.mark.parametrize("login", [SERVICE, "bi_brine"])
def test_a_tenant_reads_no_account_and_calls_no_function_but_its_own(
    login: str, superuser: psycopg.Connection, login_as: Connect
) -> None:
    connection = login_as(login)
    relations = [
        name
        for (name,) in superuser.execute(
            "select oid::regclass::text from pg_class where relnamespace = 'iam'::regnamespace and relkind in ('r', 'v', 'S')"
        )
    ]
    assert len(relations) > 12
    for name in relations:
        with pytest.raises(psycopg.errors.InsufficientPrivilege), connection.transaction():
            connection.execute(f"select * from {name}".encode())
    callable_functions = {
        name
        for (name,) in connection.execute(
            "select proname from pg_proc where pronamespace = 'iam'::regnamespace and has_function_privilege(oid, 'execute')"
        )
    }
    assert callable_functions == ({"current_org", "enter"} if login == SERVICE else {"current_org"})


def test_a_grant_by_mistake_shows_no_account(superuser: psycopg.Connection, brine: Tenant, login_as: Connect) -> None:
    superuser.execute("grant select on all tables in schema iam to saltworks_tenant")
    bi = login_as("bi_brine")
    for table in ("organizations", "users", "memberships", "sessions", "api_keys", "audit_events"):
        assert bi.execute(f"select count(*) from iam.{table}".encode()).fetchone() == (0,)


def test_every_function_that_acts_for_its_owner_has_a_search_path_of_its_own(superuser: psycopg.Connection) -> None:
    functions = superuser.execute(
        "select proname, prosecdef, provolatile, proparallel, coalesce(proconfig[1], '') from pg_proc"
        " where pronamespace = 'iam'::regnamespace"
    ).fetchall()
    assert len(functions) >= 7
    assert {path for *_, path in functions} == {"search_path=pg_catalog, pg_temp"}
    assert ("current_org", True, "s", "s") in {function[:4] for function in functions}


def test_entering_keeps_a_session_from_idling_out_and_says_what_it_permits(
    accounts: psycopg.Connection, brine: Tenant, login_as: Connect
) -> None:
    service = login_as(SERVICE)
    token = brine.login(accounts).token
    as_auth("update iam.sessions set last_used_at = now() - interval '29 minutes'")(accounts, brine, token)
    with service.transaction():
        row = service.execute("select org_id, permissions from iam.enter(%s)", (token,)).fetchone()
        assert row is not None
        assert row[0] == brine.org_id
        assert "organization:write" in row[1]
        assert "historian:write" not in row[1]
        assert service.execute("select note from plant.notes").fetchall() == [("brine",)]
    assert seen(service) == []
    with accounts.transaction():
        accounts.execute("set local role saltworks_auth")
        recent = "select count(*) from iam.sessions where last_used_at > now() - interval '1 minute'"
        assert accounts.execute(recent).fetchone() == (1,)


def test_installing_again_changes_nothing_and_keeps_everything(
    accounts: psycopg.Connection, brine: Tenant, login_as: Connect
) -> None:
    token = brine.login(accounts).token
    with accounts.transaction():
        install(accounts)
    assert seen(login_as(SERVICE), token) == ["brine"]
