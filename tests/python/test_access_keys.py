"""API keys: no more than their scopes, in their own organization, until they are revoked; in no log (attack 25)."""

from collections.abc import Callable
from pathlib import Path

import psycopg
import pytest

from ingest.access import keys, members, organizations, sessions, tokens, users
from ingest.access.errors import AccessError, NotPermittedError, SignInRefusedError
from tests.python.accounts import PASSWORD, Connect, Tenant

SCOPES = ["historian:read", "asset:read"]


@pytest.fixture
def collector(accounts: psycopg.Connection, brine: Tenant) -> str:
    """The address of a member with an operator's role."""
    return brine.add(accounts, "collector", "operator")


@pytest.fixture
def key(accounts: psycopg.Connection, brine: Tenant, collector: str) -> tokens.ApiKey:
    return keys.create(accounts, brine.principal(accounts), collector, "collector", SCOPES)


def refused(connection: psycopg.Connection, text: str) -> bool:
    try:
        keys.login(connection, text)
    except SignInRefusedError as error:
        assert str(error) == keys.WRONG
        return True
    return False


def test_a_key_opens_a_short_session_of_its_organization_with_its_scopes(
    accounts: psycopg.Connection, brine: Tenant, key: tokens.ApiKey
) -> None:
    session = keys.login(accounts, key.secret)
    principal = sessions.resume(accounts, session.token)
    assert (principal.org_id, principal.permissions) == (brine.org_id, frozenset(SCOPES))
    assert principal.name == f"key:{key.prefix}"
    principal.require("historian:read")
    with pytest.raises(NotPermittedError, match="this needs alarm:acknowledge"):
        principal.require("alarm:acknowledge")
    assert tokens.parse_key(key.secret) == key
    assert len(key.secret) == len("sw_live_") + 8 + 1 + 43


def test_what_is_not_the_whole_key_is_refused(accounts: psycopg.Connection, alkali: Tenant, key: tokens.ApiKey) -> None:
    other = keys.create(accounts, alkali.principal(accounts), alkali.owner, "other", ["asset:read"])
    for text in (
        "",
        key.prefix,
        f"{key.prefix}_",
        key.secret[:-1],
        key.secret + "A",
        f"{key.prefix}_{tokens.new_token()}",
        f"{other.prefix}_{key.secret[-43:]}",
        f"{key.prefix}_{other.secret[-43:]}",
        key.secret.replace("live", "test"),
        key.secret + "\n",
        tokens.new_key("live").secret,
    ):
        assert refused(accounts, text), text
    assert not refused(accounts, key.secret)


def test_a_key_is_of_its_own_organization_alone(
    accounts: psycopg.Connection, brine: Tenant, alkali: Tenant, key: tokens.ApiKey
) -> None:
    stranger = alkali.principal(accounts)
    assert keys.list_keys(accounts, stranger) == []
    with pytest.raises(AccessError, match="there is no key"):
        keys.revoke(accounts, stranger, key.prefix)
    with pytest.raises(AccessError, match="is not a member"):
        keys.create(accounts, stranger, brine.owner, "mine", ["asset:read"])
    assert not refused(accounts, key.secret)


def expire(connection: psycopg.Connection, tenant: Tenant, key: tokens.ApiKey) -> None:
    with connection.transaction():
        connection.execute("set local role saltworks_auth")
        connection.execute("update iam.api_keys set expires_at = now()")


ENDINGS: dict[str, Callable[[psycopg.Connection, Tenant, tokens.ApiKey], object]] = {
    "revoked": lambda connection, tenant, key: keys.revoke(connection, tenant.principal(connection), key.prefix),
    "member removed": lambda connection, tenant, key: members.remove(
        connection, tenant.operator(connection), "collector@brine.example"
    ),
    "user deactivated": lambda connection, tenant, key: users.deactivate(connection, "collector@brine.example"),
    "organization suspended": lambda connection, tenant, key: organizations.suspend(connection, tenant.code),
}


@pytest.mark.parametrize("ending", ENDINGS)
def test_a_key_that_has_ended_is_refused_and_its_sessions_end(
    ending: str, accounts: psycopg.Connection, brine: Tenant, key: tokens.ApiKey
) -> None:
    session = keys.login(accounts, key.secret)
    assert sessions.resume(accounts, session.token)
    ENDINGS[ending](accounts, brine, key)
    assert refused(accounts, key.secret)
    with pytest.raises(SignInRefusedError):
        sessions.resume(accounts, session.token)


def test_a_key_runs_out(accounts: psycopg.Connection, brine: Tenant, key: tokens.ApiKey) -> None:
    assert not refused(accounts, key.secret)
    expire(accounts, brine, key)
    assert refused(accounts, key.secret)


def test_a_key_loses_what_its_members_role_loses(
    accounts: psycopg.Connection, brine: Tenant, collector: str, key: tokens.ApiKey
) -> None:
    token = keys.login(accounts, key.secret).token
    members.withdraw(accounts, brine.operator(accounts), "operator", "historian:read")
    assert sessions.resume(accounts, token).permissions == {"asset:read"}


def test_a_key_never_permits_more_than_its_maker_may_give(accounts: psycopg.Connection, brine: Tenant, collector: str) -> None:
    administrator = brine.principal(accounts, brine.add(accounts, "admin", "administrator"))
    with pytest.raises(AccessError, match="the role operator does not permit iam:write"):
        keys.create(accounts, administrator, collector, "more", ["iam:write"])
    with pytest.raises(AccessError, match="a key needs scopes"):
        keys.create(accounts, administrator, collector, "nothing", [])
    with pytest.raises(NotPermittedError, match="stands above your own"):
        keys.create(accounts, administrator, brine.owner, "owner's", ["organization:write"])
    with pytest.raises(NotPermittedError, match="needs api_key:write"):
        keys.create(accounts, brine.principal(accounts, collector), collector, "own", ["asset:read"])
    by_key = keys.create(accounts, administrator, "admin@brine.example", "maker", ["api_key:write"])
    with pytest.raises(NotPermittedError, match="cannot make another"):
        keys.create(
            accounts,
            sessions.resume(accounts, keys.login(accounts, by_key.secret).token),
            "admin@brine.example",
            "escalated",
            ["iam:write"],
        )


def test_no_secret_is_in_the_servers_log_or_the_audit_trail_or_a_repr(
    accounts: psycopg.Connection,
    brine: Tenant,
    collector: str,
    superuser: psycopg.Connection,
    server_data: Path,
    login_as: Connect,
) -> None:
    log = server_data / "log"
    before = log.stat().st_size
    superuser.execute(f"alter database {accounts.info.dbname} set log_statement = 'all'".encode())
    superuser.execute(f"alter database {accounts.info.dbname} set log_min_duration_statement = 0".encode())
    operator, service = login_as(accounts.info.user), login_as("saltworks_api")
    users.set_password(operator, collector, PASSWORD + "!")
    key = keys.create(operator, brine.principal(operator), collector, "logged", SCOPES)
    session = keys.login(operator, key.secret)
    with service.transaction():
        service.execute("select * from iam.enter(%s)", (session.token,))
    refused(operator, f"{key.prefix}_{tokens.new_token()}")
    logged = log.read_bytes()[before:].decode()
    assert "insert into iam.api_keys" in logged, "the log tells of the statements"
    with accounts.transaction():
        accounts.execute("set local role saltworks_auth")
        (hash_,) = accounts.execute("select password_hash from iam.users where email = %s", (collector,)).fetchone() or ("",)
        trail = str(accounts.execute("select * from iam.audit_events").fetchall())
    assert key.prefix in trail
    for secret in (key.secret, key.secret[-43:], session.token, PASSWORD, hash_):
        assert secret
        assert secret not in logged + trail + repr((key, session))
