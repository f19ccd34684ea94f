"""What the operator's commands do: organizations, users, logins to the database, the audit trail."""

from __future__ import annotations

import argparse
import os
from collections.abc import Callable

import psycopg

from ingest.access import audit, db_logins, organizations, principal, users
from ingest.access.command import TOKEN
from ingest.access.errors import AccessError
from ingest.access.shell import acting_principal, new_password, show_table


def _org_add(connection: psycopg.Connection, options: argparse.Namespace) -> None:
    org_id = organizations.add(connection, options.code, options.name, options.id)
    print(f"organization {options.code} has the number {org_id}")
    print(f"next: user add, then member add EMAIL --role owner --org {options.code}")


def _org_suspend(connection: psycopg.Connection, options: argparse.Namespace) -> None:
    organizations.suspend(connection, options.code)
    print(f"{options.code} is suspended")


def _org_resume(connection: psycopg.Connection, options: argparse.Namespace) -> None:
    organizations.resume(connection, options.code)
    print(f"{options.code} is active")


def _org_list(connection: psycopg.Connection, options: argparse.Namespace) -> None:
    show_table(
        ("org_id", "code", "name", "status", "members"),
        [(org.org_id, org.org_code, org.org_name, org.status, org.members) for org in organizations.list_all(connection)],
    )


def _org_import(connection: psycopg.Connection, options: argparse.Namespace) -> None:
    # The other commands need not wait for Arrow.
    from generators.engine.lake import read_manifest
    from generators.engine.storage import storage
    from ingest.access.populate import populate

    lake = storage(options.lake)
    added = populate(connection, lake, read_manifest(lake))
    print(f"new from {lake}: " + ", ".join(f"{count:,} {name.replace('_', ' ')}" for name, count in added.items()))


def _user_add(connection: psycopg.Connection, options: argparse.Namespace) -> None:
    password = None if options.service else new_password(options)
    user_id = users.add(connection, options.email, options.name, password)
    print(f"user {users.normalised_email(options.email)} has the number {user_id}")


def _user_password(connection: psycopg.Connection, options: argparse.Namespace) -> None:
    users.set_password(connection, options.email, new_password(options))
    print("the password is set; sessions that were open have ended")


def _user_deactivate(connection: psycopg.Connection, options: argparse.Namespace) -> None:
    users.deactivate(connection, options.email)
    print(f"the account {options.email} is closed")


def _user_list(connection: psycopg.Connection, options: argparse.Namespace) -> None:
    show_table(
        ("user_id", "e-mail", "name", "status", "password"),
        [
            (user.user_id, user.email, user.full_name, user.status, "set" if user.has_password else "none")
            for user in users.list_all(connection)
        ],
    )


def _db_login_add(connection: psycopg.Connection, options: argparse.Namespace) -> None:
    operator = principal.operator(connection, options.org)
    name = db_logins.add(connection, operator, options.org, new_password(options))
    print(f"{name} sees {options.org} and nothing else: psql --username {name}")


def _db_login_password(connection: psycopg.Connection, options: argparse.Namespace) -> None:
    db_logins.set_password(connection, options.login, new_password(options))
    print(f"the password of {options.login} is set")


def _db_login_remove(connection: psycopg.Connection, options: argparse.Namespace) -> None:
    db_logins.remove(connection, options.login)
    print(f"{options.login} sees nothing any more")


def _db_login_list(connection: psycopg.Connection, options: argparse.Namespace) -> None:
    show_table(("login", "organization"), [(login.login_name, login.org_code) for login in db_logins.list_all(connection)])


def _audit_verify(connection: psycopg.Connection, options: argparse.Namespace) -> None:
    verdict = audit.verify(connection, audit.Head(*options.head) if options.head else None)
    if verdict.problems:
        raise AccessError("the audit trail was tampered with: " + "; ".join(verdict.problems))
    print(f"the chain of {verdict.head.events:,} events holds; keep its head elsewhere:\n{verdict.head}")


def _audit_show(connection: psycopg.Connection, options: argparse.Namespace) -> None:
    org_id = None
    if options.org is not None or os.environ.get(TOKEN):
        principal = acting_principal(connection, options)
        principal.require("audit:read")
        org_id = principal.org_id
    show_table(
        ("event", "time (UTC)", "actor", "action", "subject", "details"),
        [
            (
                event.event_id,
                f"{event.occurred_at:%Y-%m-%d %H:%M:%S}",
                event.actor,
                event.action,
                event.subject,
                ", ".join(f"{name} {value}" for name, value in event.details.items()),
            )
            for event in audit.latest(connection, options.limit, org_id)
        ],
    )


ACTIONS: dict[str, Callable[[psycopg.Connection, argparse.Namespace], None]] = {
    "org add": _org_add,
    "org suspend": _org_suspend,
    "org resume": _org_resume,
    "org list": _org_list,
    "org import": _org_import,
    "user add": _user_add,
    "user password": _user_password,
    "user deactivate": _user_deactivate,
    "user list": _user_list,
    "db-login add": _db_login_add,
    "db-login password": _db_login_password,
    "db-login remove": _db_login_remove,
    "db-login list": _db_login_list,
    "audit verify": _audit_verify,
    "audit show": _audit_show,
}
