"""Invitations: bound to an address and a role, good once and for a week, never to a role above the inviter's."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime

import psycopg
from psycopg.rows import class_row

from ingest.access import audit, members, passwords, tokens, users
from ingest.access.errors import AccessError, SignInRefusedError
from ingest.access.principal import Principal
from ingest.access.transaction import transaction

WRONG = "the invitation is not valid for this address, was used, or has run out"
DAYS = 7

# What the inviter may do is asked when the invitation is accepted, too: they may have lost it since.
VALID = """
select invitation.org_id, invitation.invitation_id, invitation.role_id, role.role_code
from iam.invitations as invitation
inner join iam.organizations as organization on invitation.org_id = organization.org_id and organization.status = 'active'
inner join iam.roles as role on invitation.org_id = role.org_id and invitation.role_id = role.role_id
inner join iam.memberships as inviter on invitation.org_id = inviter.org_id and invitation.invited_by = inviter.user_id
inner join iam.users as account on inviter.user_id = account.user_id and account.status = 'active'
inner join iam.roles as inviting
    on inviter.org_id = inviting.org_id and inviter.role_id = inviting.role_id and inviting.role_level <= role.role_level
inner join iam.role_permissions as granted
    on inviting.org_id = granted.org_id and inviting.role_id = granted.role_id and granted.permission = 'iam:write'
where
    invitation.token_sha256 = %s
    and invitation.email = %s
    and invitation.accepted_at is null
    and invitation.expires_at > now()
for no key update of invitation
"""


@dataclass(frozen=True)
class Invitation:
    """An invitation that is open, as people list it."""

    email: str
    role_code: str
    invited_by: str
    expires_at: datetime


@dataclass(frozen=True)
class Issued:
    """An invitation that was just made. The token is nowhere else: it goes to the address, and to nobody else."""

    token: str = field(repr=False)
    email: str
    expires_at: datetime


def invite(connection: psycopg.Connection, principal: Principal, email: str, role_code: str) -> Issued:
    """Invite an address to a role of the principal's organization; an open invitation of the same address is replaced."""
    principal.require("iam:write")
    if principal.user_id is None:
        raise AccessError("the operator adds members; an invitation comes from a member")
    address = users.checked_email(email)
    token = tokens.new_token()
    with transaction(connection):
        role = members.find_role(connection, principal.org_id, role_code)
        principal.require_level(role.role_level)
        connection.execute(
            "delete from iam.invitations where org_id = %s and email = %s and accepted_at is null", (principal.org_id, address)
        )
        row = connection.execute(
            "insert into iam.invitations (org_id, email, role_id, invited_by, token_sha256, expires_at)"
            " values (%s, %s, %s, %s, %s, now() + make_interval(days => %s)) returning expires_at",
            (principal.org_id, address, role.role_id, principal.user_id, tokens.digest(token), DAYS),
        ).fetchone()
        assert row is not None, "INSERT … RETURNING returns the row"
        audit.record(connection, principal.name, "invite", address, principal.org_id, role=role_code)
    return Issued(token, address, row[0])


def accept(connection: psycopg.Connection, token: str, email: str, full_name: str, password: str) -> str:
    """Become a member, with the account of the address or a new one; returns the role's code.

    Whoever has an account already proves it by its password. Raises SignInRefusedError, with the same words, for an invitation
    of another address, a used one, one that has run out and one whose maker may no longer invite to that role.
    """
    address = users.normalised_email(email)
    arguments = (tokens.digest(token), address)
    with transaction(connection):
        if not users.EMAIL.fullmatch(address) or connection.execute(VALID, arguments).fetchone() is None:
            raise SignInRefusedError(WRONG)
        has_account = connection.execute("select from iam.users where email = %s", (address,)).fetchone() is not None
    proven = users.prove(connection, address, password) if has_account else None
    password_hash = None if has_account else passwords.hash_password(password)
    with transaction(connection):
        row = connection.execute(VALID, arguments).fetchone()
        if row is None:
            raise SignInRefusedError(WRONG)
        org_id, invitation_id, role_id, role_code = row
        connection.execute(
            "update iam.invitations set accepted_at = now() where org_id = %s and invitation_id = %s", (org_id, invitation_id)
        )
        if proven is None:
            user_id = users.insert(connection, address, full_name, password_hash)
        else:
            users.confirm(connection, proven, password)
            user_id = proven.user_id
        members.insert(connection, org_id, user_id, role_id)
        audit.record(connection, f"user:{user_id}", "invite.accept", f"user:{user_id}", org_id, role=role_code)
    return str(role_code)


def list_open(connection: psycopg.Connection, principal: Principal) -> list[Invitation]:
    """The open invitations of the principal's organization."""
    principal.require("iam:read")
    query = (
        "select invitations.email, role_code, users.email as invited_by, expires_at from iam.invitations"
        " inner join iam.roles using (org_id, role_id) inner join iam.users on invitations.invited_by = users.user_id"
        " where org_id = %s and accepted_at is null and expires_at > now() order by invitations.email"
    )
    with transaction(connection), connection.cursor(row_factory=class_row(Invitation)) as cursor:
        return cursor.execute(query, (principal.org_id,)).fetchall()
