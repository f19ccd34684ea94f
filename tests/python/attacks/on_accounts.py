"""What a tenant tries on signing in, on keys, on owners and on the audit trail."""

from __future__ import annotations

import contextlib

import psycopg
import pytest

from ingest.access import keys, sessions, tokens
from ingest.access.errors import LockedOutError, SignInRefusedError
from ingest.access.principal import operator
from tests.python.attacks.register import PERMISSION, UNIT, attack
from tests.python.tenancy import SERVICE, Client, organizations_seen


@attack(22)
def a_wrong_password(client: Client) -> None:
    """A wrong password opens nothing, and says no more than an unknown address does (the rest: test_access_sign_in.py)."""
    said = []
    with client.world.operator() as connection:
        for email in (client.world.b.email, "nobody@nowhere.example"):
            with pytest.raises(SignInRefusedError) as refused:
                sessions.login(connection, email, "not the password at all")
            said.append(str(refused.value))
    forget_attempts(client)
    assert said[0] == said[1]


@attack(23)
def guessing(client: Client) -> None:
    """Whoever goes on guessing at an address is locked out for a while."""
    with client.world.operator() as connection, pytest.raises(LockedOutError):
        for guess in range(8):
            with contextlib.suppress(SignInRefusedError) if guess < 5 else contextlib.nullcontext():
                sessions.login(connection, "nobody@nowhere.example", f"guess number {guess} of eight")
    forget_attempts(client)


@attack(24)
def a_session_of_another_role(client: Client) -> None:
    """A session ends when the member's role changes."""
    token = client.world.b.token
    change = (
        "update iam.memberships set role_id = (select min(role_id) from iam.roles where roles.org_id = memberships.org_id)"
        " where user_id = (select user_id from iam.sessions where token_sha256 = sha256(%s))"
    )
    with client.world.after(change, SERVICE, token.encode()) as connection:
        connection.execute("select set_config('app.token', %s, true)", (token,))
        assert organizations_seen(connection, UNIT) == set()


@attack(25)
def a_key_of_which_only_the_prefix_is_known(client: Client) -> None:
    """The public part of an API key opens nothing with another secret."""
    tenant = client.world.b
    with client.world.operator() as connection:
        key = keys.create(connection, operator(connection, tenant.org_code), tenant.email, "attacked", ["historian:read"])
        try:
            with pytest.raises(SignInRefusedError):
                keys.login(connection, f"{key.prefix}_{tokens.new_token()}")
        finally:
            keys.revoke(connection, operator(connection, tenant.org_code), key.prefix)


@attack(26)
def removing_the_last_owner(client: Client) -> None:
    """An organization keeps an owner, whatever removes the others."""
    with client.world.superuser() as connection:
        with pytest.raises(psycopg.errors.IntegrityConstraintViolation):
            connection.execute("delete from iam.memberships where org_id = %s", (client.world.b.org_id,))
        connection.rollback()


@attack(27)
def changing_the_audit_trail(client: Client) -> None:
    """Not even its owner changes or removes an event."""
    for change in ("update iam.audit_events set actor = 'nobody'", "delete from iam.audit_events", "truncate iam.audit_events"):
        with client.world.acting_as("saltworks_audit") as connection, pytest.raises(PERMISSION):
            connection.execute(change.encode())


def forget_attempts(client: Client) -> None:
    """No address is locked out by what was tried here."""
    with client.world.superuser() as connection:
        connection.execute("delete from iam.login_attempts")
