"""The lake's organizations and people as accounts: taken over once, without a way in."""

from pathlib import Path

import psycopg
import pytest

from generators.engine.lake import read_manifest
from generators.engine.storage import storage
from ingest.access import members, organizations, principal, sessions, users
from ingest.access.errors import SignInRefusedError
from ingest.access.populate import populate
from tests.python.accounts import PASSWORD


def counts(connection: psycopg.Connection) -> dict[str, int]:
    with connection.transaction():
        connection.execute("set local role saltworks_auth")
        tables = ("organizations", "users", "roles", "role_permissions", "memberships", "api_keys")
        return {
            table: (connection.execute(f"select count(*) from iam.{table}".encode()).fetchone() or (0,))[0] for table in tables
        }


def test_a_lakes_people_become_accounts_once(accounts: psycopg.Connection, tiny_lake: Path) -> None:
    manifest = read_manifest(storage(tiny_lake))
    added = populate(accounts, storage(tiny_lake), manifest)
    assert added == counts(accounts)
    assert added["organizations"] == 2
    assert added["users"] == manifest.tables["iam.users"].rows
    assert 0 < added["memberships"] <= manifest.tables["iam.memberships"].rows
    assert not any(populate(accounts, storage(tiny_lake), manifest).values())
    code = organizations.list_all(accounts)[0].org_code
    operator = principal.operator(accounts, code)
    here = members.list_members(accounts, operator)
    owner = next(member.email for member in here if member.role_code == "owner")
    leaving = next(member.email for member in here if member.role_code == "operator")

    with pytest.raises(SignInRefusedError):
        sessions.login(accounts, owner, PASSWORD)
    users.set_password(accounts, owner, PASSWORD)
    assert sessions.login(accounts, owner, PASSWORD, code).org_id == operator.org_id

    members.remove(accounts, operator, leaving)
    populate(accounts, storage(tiny_lake), manifest)
    assert leaving not in {member.email for member in members.list_members(accounts, operator)}
