"""What a member's commands do, in the member's session: signing in and out, members, roles, invitations, API keys."""

from __future__ import annotations

import argparse
import os
import sys
from collections.abc import Callable

import psycopg

from ingest.access import invitations, keys, members, sessions
from ingest.access.command import API_KEY, INVITATION, PASSWORD, TOKEN
from ingest.access.shell import acting_principal, secret, show_table, token


def _login(connection: psycopg.Connection, options: argparse.Namespace) -> None:
    if options.email is None:
        session = keys.login(connection, secret(API_KEY, "API key"))
    else:
        password = secret(PASSWORD, "Password", options.password_file)
        session = sessions.login(connection, options.email, password, options.org, os.environ.get(TOKEN))
    print(f"export {TOKEN}={session.token}")
    print(f"signed in to {session.org_code} until {session.expires_at:%Y-%m-%d %H:%M} UTC", file=sys.stderr)


def _logout(connection: psycopg.Connection, options: argparse.Namespace) -> None:
    print("signed out" if sessions.logout(connection, token()) else "the session had ended before")


def _whoami(connection: psycopg.Connection, options: argparse.Namespace) -> None:
    principal = acting_principal(connection, options)
    print(f"{principal.name} in organization {principal.org_id}: {', '.join(sorted(principal.permissions))}")


def _invite(connection: psycopg.Connection, options: argparse.Namespace) -> None:
    issued = invitations.invite(connection, acting_principal(connection, options), options.email, options.role)
    print(issued.token)
    print(
        f"send it to {issued.email}, and to nobody else; good once, until {issued.expires_at:%Y-%m-%d %H:%M} UTC:"
        f"\n  {INVITATION}=… python ingest/run.py accept {issued.email} --name NAME",
        file=sys.stderr,
    )


def _accept(connection: psycopg.Connection, options: argparse.Namespace) -> None:
    token = secret(INVITATION, "Invitation")
    password = secret(PASSWORD, "Password", options.password_file)
    role = invitations.accept(connection, token, options.email, options.name, password)
    print(f"a member now, as {role}: python ingest/run.py login {options.email}")


def _member_add(connection: psycopg.Connection, options: argparse.Namespace) -> None:
    members.add(connection, acting_principal(connection, options), options.email, options.role)
    print(f"{options.email} is a member as {options.role}")


def _member_role(connection: psycopg.Connection, options: argparse.Namespace) -> None:
    members.set_role(connection, acting_principal(connection, options), options.email, options.role)
    print(f"{options.email} is {options.role} now; their sessions have ended")


def _member_remove(connection: psycopg.Connection, options: argparse.Namespace) -> None:
    members.remove(connection, acting_principal(connection, options), options.email)
    print(f"{options.email} is no member any more")


def _member_list(connection: psycopg.Connection, options: argparse.Namespace) -> None:
    show_table(
        ("e-mail", "name", "role", "account"),
        [
            (member.email, member.full_name, member.role_code, member.status)
            for member in members.list_members(connection, acting_principal(connection, options))
        ],
    )


def _role_list(connection: psycopg.Connection, options: argparse.Namespace) -> None:
    show_table(
        ("role", "name", "level", "permits"),
        [
            (role.role_code, role.role_name, role.role_level, " ".join(role.permissions))
            for role in members.list_roles(connection, acting_principal(connection, options))
        ],
    )


def _role_add(connection: psycopg.Connection, options: argparse.Namespace) -> None:
    members.add_role(connection, acting_principal(connection, options), options.code, options.name, options.level)
    print(f"next: role grant {options.code} PERMISSION")


def _role_grant(connection: psycopg.Connection, options: argparse.Namespace) -> None:
    members.grant(connection, acting_principal(connection, options), options.code, options.permission)
    print(f"{options.code} permits {options.permission}")


def _role_withdraw(connection: psycopg.Connection, options: argparse.Namespace) -> None:
    members.withdraw(connection, acting_principal(connection, options), options.code, options.permission)
    print(f"{options.code} does not permit {options.permission}")


def _key_create(connection: psycopg.Connection, options: argparse.Namespace) -> None:
    key = keys.create(
        connection,
        acting_principal(connection, options),
        options.email,
        options.name,
        options.scope,
        options.days,
        options.environment,
    )
    print(key.secret)
    print(f"shown once; {API_KEY}=… python ingest/run.py login", file=sys.stderr)


def _key_revoke(connection: psycopg.Connection, options: argparse.Namespace) -> None:
    keys.revoke(connection, acting_principal(connection, options), options.prefix)
    print(f"{options.prefix} is revoked")


def _key_list(connection: psycopg.Connection, options: argparse.Namespace) -> None:
    show_table(
        ("key", "name", "member", "scopes", "expires (UTC)", "last used (UTC)", "revoked (UTC)"),
        [
            (
                key.key_prefix,
                key.key_name,
                key.email,
                " ".join(key.scopes),
                *(
                    "" if moment is None else f"{moment:%Y-%m-%d %H:%M}"
                    for moment in (key.expires_at, key.last_used_at, key.revoked_at)
                ),
            )
            for key in keys.list_keys(connection, acting_principal(connection, options))
        ],
    )


ACTIONS: dict[str, Callable[[psycopg.Connection, argparse.Namespace], None]] = {
    "login": _login,
    "logout": _logout,
    "whoami": _whoami,
    "invite": _invite,
    "accept": _accept,
    "member add": _member_add,
    "member role": _member_role,
    "member remove": _member_remove,
    "member list": _member_list,
    "role list": _role_list,
    "role add": _role_add,
    "role grant": _role_grant,
    "role withdraw": _role_withdraw,
    "key create": _key_create,
    "key revoke": _key_revoke,
    "key list": _key_list,
}
