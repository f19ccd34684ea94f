"""Sessions: opened by password or API key, always under a new token; they idle out, run out, and end with what they rest on."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime

import psycopg

from ingest.access import audit, tokens, users
from ingest.access.errors import AccessError, SignInRefusedError
from ingest.access.principal import Principal
from ingest.access.transaction import transaction

ENDED = "the session is unknown or has ended: sign in again"


@dataclass(frozen=True)
class Duration:
    """How long a session lasts without use, and in all; seconds."""

    idle_seconds: int
    seconds: int


# NIST SP 800-63B-4, 2.2.3: at most a day in all and an hour of idleness. A key is at hand to sign in again at any time.
BY_PASSWORD = Duration(idle_seconds=1_800, seconds=12 * 3_600)
BY_KEY = Duration(idle_seconds=900, seconds=3_600)


@dataclass(frozen=True)
class Session:
    """A session that was just opened. The token is nowhere else."""

    token: str = field(repr=False)
    org_id: int
    org_code: str
    user_id: int
    expires_at: datetime


def login(
    connection: psycopg.Connection, email: str, password: str, org_code: str | None = None, previous: str | None = None
) -> Session:
    """Open a session of a member by password; `previous`, the token that the client had before, ends.

    Raises SignInRefusedError or LockedOutError as `users.prove` does; AccessError when the user is a member of no active
    organization, or of several and `org_code` does not say of which.
    """
    proven = users.prove(connection, email, password)
    with transaction(connection):
        users.confirm(connection, proven, password)
        if previous is not None:
            connection.execute("delete from iam.sessions where token_sha256 = %s", (tokens.digest(previous),))
        org_id, code = _organization(connection, proven.user_id, org_code)
        session = open_session(connection, org_id, code, proven.user_id, BY_PASSWORD)
        audit.record(connection, f"user:{proven.user_id}", "login", f"user:{proven.user_id}", org_id)
    return session


def resume(connection: psycopg.Connection, token: str) -> Principal:
    """Who acts in the session of this token. Raises SignInRefusedError when it is not live."""
    if not tokens.is_token(token):
        raise SignInRefusedError(ENDED)
    with transaction(connection):
        try:
            entered = connection.execute("select org_id, user_id, permissions from iam.enter(%s)", (token,)).fetchone()
        except psycopg.errors.InvalidAuthorizationSpecification as error:
            raise SignInRefusedError(ENDED) from error
        found = connection.execute(
            "select role_level, key_prefix from iam.live_sessions inner join iam.roles using (org_id, role_id)"
            " left join iam.api_keys using (org_id, api_key_id) where token_sha256 = %s",
            (tokens.digest(token),),
        ).fetchone()
    if entered is None or found is None:
        raise SignInRefusedError(ENDED)
    org_id, user_id, permissions = entered
    role_level, key_prefix = found
    name = f"user:{user_id}" if key_prefix is None else f"key:{key_prefix}"
    return Principal(org_id, name, frozenset(permissions), role_level, user_id, by_key=key_prefix is not None)


def logout(connection: psycopg.Connection, token: str) -> bool:
    """End the session of this token; False when there was none."""
    with transaction(connection):
        ended = connection.execute(
            "delete from iam.sessions where token_sha256 = %s returning org_id, user_id", (tokens.digest(token),)
        ).fetchone()
        if ended is not None:
            audit.record(connection, f"user:{ended[1]}", "logout", f"user:{ended[1]}", ended[0])
    return ended is not None


def open_session(
    connection: psycopg.Connection,
    org_id: int,
    org_code: str,
    user_id: int,
    duration: Duration,
    api_key_id: int | None = None,
    scopes: list[str] | None = None,
) -> Session:
    """Add a session under a new token, inside a transaction. The member's sessions that have run out go."""
    connection.execute(
        "delete from iam.sessions where org_id = %s and user_id = %s"
        " and now() >= least(expires_at, last_used_at + make_interval(secs => idle_seconds))",
        (org_id, user_id),
    )
    token = tokens.new_token()
    row = connection.execute(
        "insert into iam.sessions (org_id, user_id, api_key_id, token_sha256, scopes, idle_seconds, expires_at)"
        " values (%s, %s, %s, %s, %s, %s, now() + make_interval(secs => %s)) returning expires_at",
        (org_id, user_id, api_key_id, tokens.digest(token), scopes, duration.idle_seconds, duration.seconds),
    ).fetchone()
    assert row is not None, "INSERT … RETURNING returns the row"
    return Session(token, org_id, org_code, user_id, row[0])


def _organization(connection: psycopg.Connection, user_id: int, org_code: str | None) -> tuple[int, str]:
    """The organization to act in: the one that was asked for, or the only one."""
    rows = connection.execute(
        "select org_id, org_code from iam.memberships inner join iam.organizations using (org_id)"
        " where user_id = %s and status = 'active' order by org_code",
        (user_id,),
    ).fetchall()
    organizations = {code: org_id for org_id, code in rows}
    if org_code is None and len(organizations) == 1:
        (org_code,) = organizations
    if org_code is None and organizations:
        raise AccessError(f"say in which organization: {', '.join(organizations)}")
    if org_code is None or org_code not in organizations:
        raise AccessError(f"not a member of an active organization{'' if org_code is None else f' {org_code}'}")
    return organizations[org_code], org_code
