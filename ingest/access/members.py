"""Members and roles of an organization. Nobody acts upon a role above their own, and the last owner stays."""

from __future__ import annotations

import re
from dataclasses import dataclass

import psycopg
from psycopg.rows import class_row

from ingest.access import audit
from ingest.access.errors import AccessError, NotPermittedError
from ingest.access.principal import ADMINISTRATIVE, OWNER_LEVEL, PERMISSIONS, Principal
from ingest.access.transaction import transaction
from ingest.access.users import normalised_email

CODE = re.compile(r"[a-z][a-z0-9_]*")


@dataclass(frozen=True)
class Member:
    """A member as people list them."""

    user_id: int
    email: str
    full_name: str
    role_code: str
    status: str


@dataclass(frozen=True)
class Role:
    """A role of an organization: its place and what it permits."""

    role_id: int
    role_code: str
    role_name: str
    role_level: int
    permissions: list[str]


def add(connection: psycopg.Connection, principal: Principal, email: str, role_code: str) -> None:
    """Make an existing user a member. For the operator: a member invites instead, and so cannot learn who has an account."""
    principal.require("iam:write")
    if principal.user_id is not None:
        raise NotPermittedError("not permitted: members invite others")
    address = normalised_email(email)
    with transaction(connection):
        role = find_role(connection, principal.org_id, role_code)
        row = connection.execute("select user_id from iam.users where email = %s", (address,)).fetchone()
        if row is None:
            raise AccessError(f"there is no user {address}: add them first")
        insert(connection, principal.org_id, row[0], role.role_id)
        audit.record(connection, principal.name, "member.add", f"user:{row[0]}", principal.org_id, role=role_code)


def set_role(connection: psycopg.Connection, principal: Principal, email: str, role_code: str) -> None:
    """Give a member another role; their sessions end."""
    principal.require("iam:write")
    with transaction(connection):
        user_id, present = find_member(connection, principal.org_id, email)
        role = find_role(connection, principal.org_id, role_code)
        principal.require_level(present.role_level)
        principal.require_level(role.role_level)
        connection.execute(
            "update iam.memberships set role_id = %s where org_id = %s and user_id = %s",
            (role.role_id, principal.org_id, user_id),
        )
        audit.record(
            connection,
            principal.name,
            "member.role",
            f"user:{user_id}",
            principal.org_id,
            before=present.role_code,
            after=role_code,
        )


def remove(connection: psycopg.Connection, principal: Principal, email: str) -> None:
    """End a membership, and with it the member's sessions, keys and invitations here. Everybody may leave by themselves."""
    with transaction(connection):
        user_id, present = find_member(connection, principal.org_id, email)
        if user_id != principal.user_id or principal.by_key:
            principal.require("iam:write")
            principal.require_level(present.role_level)
        connection.execute("delete from iam.memberships where org_id = %s and user_id = %s", (principal.org_id, user_id))
        audit.record(connection, principal.name, "member.remove", f"user:{user_id}", principal.org_id, role=present.role_code)


def list_members(connection: psycopg.Connection, principal: Principal) -> list[Member]:
    """The members of the principal's organization."""
    principal.require("iam:read")
    query = (
        "select user_id, email, full_name, role_code, status from iam.memberships"
        " inner join iam.users using (user_id) inner join iam.roles using (org_id, role_id)"
        " where org_id = %s order by role_level, email"
    )
    with transaction(connection), connection.cursor(row_factory=class_row(Member)) as cursor:
        return cursor.execute(query, (principal.org_id,)).fetchall()


def list_roles(connection: psycopg.Connection, principal: Principal) -> list[Role]:
    """The roles of the principal's organization, from the owner down."""
    principal.require("iam:read")
    with transaction(connection):
        return _roles(connection, principal.org_id)


def add_role(connection: psycopg.Connection, principal: Principal, code: str, name: str, level: int) -> None:
    """Make a role that permits nothing yet. Level 0 is the owner's alone."""
    principal.require("iam:write")
    if not CODE.fullmatch(code):
        raise AccessError(f"{code!r} cannot be a code: a letter, then letters, digits and _, lower case")
    if not OWNER_LEVEL < level < 100:
        raise AccessError("the level of a role is between 1 and 99: the owner alone has 0")
    principal.require_level(level)
    with transaction(connection):
        try:
            connection.execute(
                "insert into iam.roles (org_id, role_code, role_name, role_level) values (%s, %s, %s, %s)",
                (principal.org_id, code, name, level),
            )
        except psycopg.errors.UniqueViolation as error:
            raise AccessError(f"there is a role {code} already") from error
        audit.record(connection, principal.name, "role.add", f"role:{code}", principal.org_id, level=level)


def grant(connection: psycopg.Connection, principal: Principal, role_code: str, permission: str) -> None:
    """Let a role permit more. Nobody hands on an administrative permission that they lack."""
    _may_change(principal, permission)
    with transaction(connection):
        role = find_role(connection, principal.org_id, role_code)
        principal.require_level(role.role_level)
        connection.execute(
            "insert into iam.role_permissions values (%s, %s, %s) on conflict do nothing",
            (principal.org_id, role.role_id, permission),
        )
        audit.record(connection, principal.name, "role.grant", f"role:{role_code}", principal.org_id, permission=permission)


def withdraw(connection: psycopg.Connection, principal: Principal, role_code: str, permission: str) -> None:
    """Let a role permit less, at once: sessions look their permissions up. The owner's role stays as it is."""
    _may_change(principal, permission)
    with transaction(connection):
        role = find_role(connection, principal.org_id, role_code)
        principal.require_level(role.role_level)
        if role.role_level == OWNER_LEVEL:
            raise NotPermittedError("not permitted: the owner's role keeps what it permits")
        connection.execute(
            "delete from iam.role_permissions where org_id = %s and role_id = %s and permission = %s",
            (principal.org_id, role.role_id, permission),
        )
        audit.record(connection, principal.name, "role.withdraw", f"role:{role_code}", principal.org_id, permission=permission)


def insert(connection: psycopg.Connection, org_id: int, user_id: int, role_id: int) -> None:
    """Add the row of a membership, inside a transaction."""
    try:
        connection.execute(
            "insert into iam.memberships (org_id, user_id, role_id) values (%s, %s, %s)", (org_id, user_id, role_id)
        )
    except psycopg.errors.UniqueViolation as error:
        raise AccessError("they are a member already") from error


def find_role(connection: psycopg.Connection, org_id: int, role_code: str) -> Role:
    """A role by its code, inside a transaction. Raises AccessError naming those that there are."""
    roles = {role.role_code: role for role in _roles(connection, org_id)}
    if role_code not in roles:
        raise AccessError(f"there is no role {role_code}: there are {', '.join(roles)}")
    return roles[role_code]


def find_member(connection: psycopg.Connection, org_id: int, email: str) -> tuple[int, Role]:
    """The number and the role of a member, inside a transaction. The row stays as it is until the transaction ends."""
    address = normalised_email(email)
    row = connection.execute(
        "select user_id, role_code from iam.memberships"
        " inner join iam.users using (user_id) inner join iam.roles using (org_id, role_id)"
        " where org_id = %s and email = %s for no key update of memberships",
        (org_id, address),
    ).fetchone()
    if row is None:
        raise AccessError(f"{address} is not a member")
    return row[0], find_role(connection, org_id, row[1])


def _may_change(principal: Principal, permission: str) -> None:
    principal.require("iam:write")
    if permission not in PERMISSIONS:
        raise AccessError(f"there is no permission {permission}: there are {', '.join(sorted(PERMISSIONS))}")
    if permission in ADMINISTRATIVE:
        principal.require(permission)


def _roles(connection: psycopg.Connection, org_id: int) -> list[Role]:
    query = (
        "select role_id, role_code, role_name, role_level,"
        " array(select permission from iam.role_permissions as granted"
        "   where granted.org_id = roles.org_id and granted.role_id = roles.role_id order by permission) as permissions"
        " from iam.roles where org_id = %s order by role_level, role_id"
    )
    with connection.cursor(row_factory=class_row(Role)) as cursor:
        return cursor.execute(query, (org_id,)).fetchall()
