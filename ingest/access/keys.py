"""API keys: a member's programs sign in with one, for a short session with no more than the key's scopes."""

from __future__ import annotations

import hmac
from dataclasses import dataclass
from datetime import datetime

import psycopg
from psycopg.rows import class_row

from ingest.access import audit, tokens
from ingest.access.errors import AccessError, NotPermittedError, SignInRefusedError
from ingest.access.members import find_member
from ingest.access.principal import Principal
from ingest.access.sessions import BY_KEY, Session, open_session
from ingest.access.tokens import ApiKey
from ingest.access.transaction import transaction

WRONG = "the API key is not valid"
DEFAULT_DAYS = 90
LONGEST_DAYS = 366


@dataclass(frozen=True)
class Key:
    """An API key as people list it."""

    key_prefix: str
    key_name: str
    email: str
    scopes: list[str]
    created_at: datetime
    expires_at: datetime | None
    last_used_at: datetime | None
    revoked_at: datetime | None


def create(
    connection: psycopg.Connection,
    principal: Principal,
    email: str,
    name: str,
    scopes: list[str],
    days: int = DEFAULT_DAYS,
    environment: str = "live",
) -> ApiKey:
    """Make a key that acts for a member; the whole of it is shown once, here.

    The scopes are among the permissions of the member's role, which does not stand above the principal's. A session by key
    makes no keys.
    """
    principal.require("api_key:write")
    if principal.by_key:
        raise NotPermittedError("not permitted: an API key cannot make another")
    if not 1 <= days <= LONGEST_DAYS:
        raise AccessError(f"a key lasts between 1 and {LONGEST_DAYS} days")
    if environment not in tokens.ENVIRONMENTS:
        raise AccessError(f"a key is for {' or '.join(tokens.ENVIRONMENTS)}")
    key = tokens.new_key(environment)
    with transaction(connection):
        user_id, role = find_member(connection, principal.org_id, email)
        principal.require_level(role.role_level)
        beyond = sorted(set(scopes) - set(role.permissions))
        if beyond or not scopes:
            refused = f"the role {role.role_code} does not permit {', '.join(beyond)}" if beyond else "a key needs scopes"
            raise AccessError(f"{refused}: choose among {', '.join(role.permissions)}")
        connection.execute(
            "insert into iam.api_keys (org_id, user_id, key_name, key_prefix, key_sha256, scopes, expires_at)"
            " values (%s, %s, %s, %s, %s, %s, now() + make_interval(days => %s))",
            (principal.org_id, user_id, name, key.prefix, tokens.digest(key.secret), sorted(set(scopes)), days),
        )
        audit.record(
            connection,
            principal.name,
            "key.create",
            f"key:{key.prefix}",
            principal.org_id,
            user_id=user_id,
            scopes=sorted(set(scopes)),
        )
    return key


def login(connection: psycopg.Connection, text: str) -> Session:
    """Exchange a key for a session. Raises SignInRefusedError, always with the same words."""
    key = tokens.parse_key(text)
    if key is None:
        raise SignInRefusedError(WRONG)
    digest = tokens.digest(key.secret)
    with transaction(connection):
        row = connection.execute(
            "select api_key_id, org_id, org_code, user_id, key_sha256, scopes"
            " from iam.api_keys inner join iam.organizations using (org_id) inner join iam.users using (user_id)"
            " where key_prefix = %s and revoked_at is null and (expires_at is null or expires_at > now())"
            " and organizations.status = 'active' and users.status = 'active' for no key update of api_keys",
            (key.prefix,),
        ).fetchone()
        if row is not None and hmac.compare_digest(row[4], digest):
            api_key_id, org_id, org_code, user_id, _, scopes = row
            connection.execute(
                "update iam.api_keys set last_used_at = now() where org_id = %s and api_key_id = %s", (org_id, api_key_id)
            )
            session = open_session(connection, org_id, org_code, user_id, BY_KEY, api_key_id, scopes)
            audit.record(connection, f"key:{key.prefix}", "login", f"user:{user_id}", org_id)
            return session
    raise SignInRefusedError(WRONG)


def revoke(connection: psycopg.Connection, principal: Principal, prefix: str) -> None:
    """Withdraw a key of the principal's organization, and end the sessions that it opened."""
    principal.require("api_key:write")
    with transaction(connection):
        row = connection.execute(
            "update iam.api_keys set revoked_at = now() where org_id = %s and key_prefix = %s and revoked_at is null"
            " returning api_key_id",
            (principal.org_id, prefix),
        ).fetchone()
        if row is None:
            raise AccessError(f"there is no key {prefix} in force")
        connection.execute("delete from iam.sessions where org_id = %s and api_key_id = %s", (principal.org_id, row[0]))
        audit.record(connection, principal.name, "key.revoke", f"key:{prefix}", principal.org_id)


def list_keys(connection: psycopg.Connection, principal: Principal) -> list[Key]:
    """The keys of the principal's organization, the newest first."""
    principal.require("iam:read")
    query = (
        "select key_prefix, key_name, email, scopes, api_keys.created_at, expires_at, last_used_at, revoked_at"
        " from iam.api_keys inner join iam.users using (user_id) where org_id = %s order by api_keys.created_at desc"
    )
    with transaction(connection), connection.cursor(row_factory=class_row(Key)) as cursor:
        return cursor.execute(query, (principal.org_id,)).fetchall()
