"""Who asks: a member by session, or the operator of the database."""

from __future__ import annotations

from dataclasses import dataclass

import psycopg

from generators.chemical.roles import ROLES
from ingest.access.errors import AccessError, NotPermittedError
from ingest.access.transaction import transaction

OWNER_LEVEL = 0
PERMISSIONS = frozenset(permission for role in ROLES for permission in role.permissions)
# With these one can get more: nobody hands on one that they lack.
ADMINISTRATIVE = frozenset({"organization:write", "iam:read", "iam:write", "api_key:write", "audit:read"})


@dataclass(frozen=True)
class Principal:
    """Somebody who acts in one organization: what they may do, and how far up they may act.

    `name` is how the audit trail calls them. `user_id` is None for the operator, who is not a member.
    """

    org_id: int
    name: str
    permissions: frozenset[str]
    role_level: int
    user_id: int | None = None
    by_key: bool = False

    def require(self, permission: str) -> None:
        """Raise NotPermittedError without this permission."""
        if permission not in self.permissions:
            raise NotPermittedError(f"not permitted: this needs {permission}")

    def require_level(self, level: int) -> None:
        """Raise NotPermittedError when the role of this level stands above the principal's own."""
        if level < self.role_level:
            raise NotPermittedError("not permitted: the role stands above your own")


def operator(connection: psycopg.Connection, org_code: str) -> Principal:
    """Whoever holds saltworks_auth, acting in an organization from outside. Raises AccessError when there is no such one."""
    with transaction(connection):
        row = connection.execute("select org_id from iam.organizations where org_code = %s", (org_code,)).fetchone()
    if row is None:
        raise AccessError(f"there is no organization {org_code}")
    return Principal(row[0], operator_name(connection), PERMISSIONS, OWNER_LEVEL)


def operator_name(connection: psycopg.Connection) -> str:
    """How the audit trail calls the operator: by the login to the database."""
    return f"login:{connection.info.user}"
