"""The people of a lake as accounts: what raw_iam shows as data becomes organizations, users and members that can act.

An organization is taken over once, whole. From then on the accounts are the record: whoever was removed does not come back
with the next load. Nobody can sign in by it: a lake has no passwords, and of API keys only hashes of keys never made.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any

import psycopg
import pyarrow.parquet as pq

from generators.engine.lake import Manifest
from generators.engine.storage import Storage
from generators.schema.catalog import table as declared
from ingest.access import audit
from ingest.access.errors import AccessError
from ingest.access.principal import operator_name
from ingest.access.transaction import transaction
from ingest.files import fault

Row = dict[str, Any]

# In the order of their keys. Whoever left an organization is no member of it, and has no keys there.
STATEMENTS = (
    (
        "organizations",
        "insert into iam.organizations (org_id, org_code, org_name, created_at)"
        " values (%(org_id)s, %(org_code)s, %(org_name)s, %(created_at)s)",
    ),
    (
        "roles",
        "insert into iam.roles (org_id, role_id, role_code, role_name, role_level)"
        " values (%(org_id)s, %(role_id)s, %(role_code)s, %(role_name)s, %(role_level)s)",
    ),
    (
        "role_permissions",
        "insert into iam.role_permissions (org_id, role_id, permission) values (%(org_id)s, %(role_id)s, %(permission)s)",
    ),
    (
        "users",
        "insert into iam.users (user_id, user_kind, email, full_name, status, created_at)"
        " values (%(user_id)s, %(user_kind)s, %(email)s, %(full_name)s, %(user_status)s, %(created_at)s)",
    ),
    (
        "memberships",
        "insert into iam.memberships (org_id, user_id, role_id, created_at)"
        " values (%(org_id)s, %(user_id)s, %(role_id)s, %(joined_at)s)",
    ),
    (
        "api_keys",
        "insert into iam.api_keys (org_id, api_key_id, user_id, key_name, key_prefix, key_sha256, scopes, expires_at,"
        " last_used_at, revoked_at, created_at)"
        " select org_id, %(api_key_id)s, user_id, %(key_name)s, %(key_prefix)s, decode(%(key_sha256)s, 'hex'),"
        " string_to_array(%(scopes)s, ' '), %(expires_at)s, %(last_used_at)s, %(revoked_at)s, %(created_at)s"
        " from iam.memberships where org_id = %(org_id)s and user_id = %(user_id)s",
    ),
)


def populate(connection: psycopg.Connection, lake: Storage, manifest: Manifest) -> dict[str, int]:
    """Take over the organizations of the lake that are not here yet; returns how many rows of each kind are new.

    Raises AccessError when a file is not what the manifest says, or when a code or an address is taken here by another.
    """
    with transaction(connection):
        present = {row[0] for row in connection.execute("select org_id from iam.organizations")}
        added = {}
        for name, statement in STATEMENTS:
            rows = [row for row in _rows(lake, manifest, name) if row["org_id"] not in present]
            with connection.cursor() as cursor:
                cursor.executemany(statement, rows)
                added[name] = cursor.rowcount if rows else 0
        if any(added.values()):
            audit.record(connection, operator_name(connection), "org.import", str(manifest.preset), **added)
    return added


def _rows(lake: Storage, manifest: Manifest, name: str) -> Iterator[Row]:
    table = declared(f"iam.{name}")
    entry = manifest.tables.get(table.qualified_name)
    for file in entry.files if entry else ():
        wrong = fault(lake, file, table)
        if wrong:
            raise AccessError(f"{file.path}: {wrong}")
        with lake.open(file.path) as source:
            rows = pq.ParquetFile(source).read().to_pylist()
        for row in rows:
            if row.get("ended_at") is None:
                yield {column: _in_utc(value) for column, value in row.items()}


def _in_utc(value: Any) -> Any:
    """The lake's timestamps are UTC without saying so."""
    return value.replace(tzinfo=UTC) if isinstance(value, datetime) else value
