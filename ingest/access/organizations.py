"""Organizations, the tenants: the operator adds, suspends and resumes them."""

from __future__ import annotations

import re
from dataclasses import dataclass

import psycopg
from psycopg.rows import class_row

from generators.chemical.roles import ROLES
from ingest.access import audit
from ingest.access.errors import AccessError
from ingest.access.principal import operator_name
from ingest.access.transaction import transaction

CODE = re.compile(r"[a-z][a-z0-9_]{1,47}")


@dataclass(frozen=True)
class Organization:
    """An organization as people list it."""

    org_id: int
    org_code: str
    org_name: str
    status: str
    members: int


def add(connection: psycopg.Connection, code: str, name: str, org_id: int | None = None) -> int:
    """Make an organization with the roles that every one starts with; returns its number.

    `org_id` is the number that its data carry, where there are some; otherwise a new one.
    """
    if not CODE.fullmatch(code):
        raise AccessError(f"{code!r} cannot be a code: a letter, then letters, digits and _, lower case, 48 at most")
    with transaction(connection):
        try:
            row = connection.execute(
                "insert into iam.organizations (org_id, org_code, org_name)"
                " values (coalesce(%s, nextval(pg_get_serial_sequence('iam.organizations', 'org_id'))), %s, %s)"
                " returning org_id",
                (org_id, code, name),
            ).fetchone()
        except psycopg.errors.UniqueViolation as error:
            raise AccessError(f"there is an organization with the code {code} or the number {org_id} already") from error
        assert row is not None, "INSERT … RETURNING returns the row"
        _add_roles(connection, row[0])
        audit.record(connection, operator_name(connection), "org.add", f"org:{row[0]}", row[0], code=code)
    return int(row[0])


def suspend(connection: psycopg.Connection, code: str) -> None:
    """Shut an organization out: its sessions end, its keys and its BI login see nothing until it is resumed."""
    with transaction(connection):
        org_id = _set_status(connection, code, "suspended")
        connection.execute("delete from iam.sessions where org_id = %s", (org_id,))
        audit.record(connection, operator_name(connection), "org.suspend", f"org:{org_id}", org_id)


def resume(connection: psycopg.Connection, code: str) -> None:
    """Let a suspended organization in again; its members have to sign in anew."""
    with transaction(connection):
        org_id = _set_status(connection, code, "active")
        audit.record(connection, operator_name(connection), "org.resume", f"org:{org_id}", org_id)


def list_all(connection: psycopg.Connection) -> list[Organization]:
    """All organizations, by code."""
    query = (
        "select org_id, org_code, org_name, status,"
        " (select count(*) from iam.memberships where memberships.org_id = organizations.org_id) as members"
        " from iam.organizations order by org_code"
    )
    with transaction(connection), connection.cursor(row_factory=class_row(Organization)) as cursor:
        return cursor.execute(query).fetchall()


def _set_status(connection: psycopg.Connection, code: str, status: str) -> int:
    row = connection.execute(
        "update iam.organizations set status = %s where org_code = %s returning org_id", (status, code)
    ).fetchone()
    if row is None:
        raise AccessError(f"there is no organization {code}")
    return int(row[0])


def _add_roles(connection: psycopg.Connection, org_id: int) -> None:
    for role in ROLES:
        connection.execute(
            "with made as ("
            " insert into iam.roles (org_id, role_code, role_name, role_level) values (%s, %s, %s, %s)"
            " returning org_id, role_id"
            ") insert into iam.role_permissions select org_id, role_id, unnest(cast(%s as text[])) from made",
            (org_id, role.code, role.name, role.level, list(role.permissions)),
        )
