"""The command line of accounts: sub-commands of `python ingest/run.py`.

No secret is ever an argument, which every user of the machine could read: passwords, tokens and keys come from a prompt, a
file or the environment. What a member may do is asked of the session in SALTWORKS_TOKEN; without one, and with `--org`, the
operator of the database acts.
"""

from __future__ import annotations

import argparse
import getpass
import os
import sys
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import psycopg

    from ingest.access.principal import Principal

TOKEN, API_KEY, PASSWORD, INVITATION = (
    "SALTWORKS_TOKEN",
    "SALTWORKS_API_KEY",
    "SALTWORKS_PASSWORD",
    "SALTWORKS_INVITATION",
)

SETTING_UP = """\
a tenant from nothing:
  python ingest/run.py --init
  python ingest/run.py org add brine_works --name "Brine Works"
  python ingest/run.py user add anna@brine.example --name "Anna Berg"        asks for the password
  python ingest/run.py member add anna@brine.example --role owner --org brine_works
  python ingest/run.py db-login add brine_works                              a login for BI tools

as a member:
  eval "$(python ingest/run.py login anna@brine.example)"                    SALTWORKS_TOKEN for this shell
  python ingest/run.py invite ben@brine.example --role operator              prints the invitation: send it to Ben
  python ingest/run.py key create anna@brine.example --name collector --scope historian:read
  python ingest/run.py logout
"""

Run = Callable[["psycopg.Connection", argparse.Namespace], None]


def register(commands: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """Add the sub-commands; each sets `run`, a function from its options to the exit code."""
    _register_operators_commands(commands)
    _register_members_commands(commands)


def _register_operators_commands(commands: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    org = _group(commands, "org", "organizations, the tenants")
    add = _command(org, "add", _org_add, "add an organization with the usual roles")
    add.add_argument("code", help="short code, lower case, such as brine_works")
    add.add_argument("--name", required=True, help="name of the company")
    add.add_argument("--id", type=int, metavar="N", help="its org_id in the data, when it has data (default: a new number)")
    _command(org, "suspend", _org_suspend, "shut it out: its sessions end, its logins see nothing").add_argument("code")
    _command(org, "resume", _org_resume, "let a suspended one in again").add_argument("code")
    _command(org, "list", _org_list, "show them")
    _command(org, "import", _org_import, "take over the organizations and people of the lake (`--lake PATH org import`)")

    user = _group(commands, "user", "people and services with an account")
    add = _command(user, "add", _user_add, "add a user")
    add.add_argument("email")
    add.add_argument("--name", required=True, help="full name")
    add.add_argument("--service", action="store_true", help="a program: no password, API keys alone")
    _takes_password(add)
    password = _command(user, "password", _user_password, "set the password of a user; ends their sessions")
    password.add_argument("email")
    _takes_password(password)
    _command(user, "deactivate", _user_deactivate, "close an account").add_argument("email")
    _command(user, "list", _user_list, "show them")

    login = _group(commands, "db-login", "logins to the database, for BI tools and the service")
    add = _command(login, "add", _db_login_add, "make bi_<organization>, which sees that organization alone")
    add.add_argument("org", metavar="ORG", help="code of the organization")
    _takes_password(add)
    password = _command(login, "password", _db_login_password, "set the password of saltworks_api or a bi login")
    password.add_argument("login", metavar="LOGIN")
    _takes_password(password)
    _command(login, "remove", _db_login_remove, "shut a bi login out").add_argument("login", metavar="LOGIN")
    _command(login, "list", _db_login_list, "show them")

    audit = _group(commands, "audit", "the audit trail")
    verify = _command(audit, "verify", _audit_verify, "compute its chain of hashes anew")
    verify.add_argument(
        "--head", type=_head, metavar="N:SHA256", help="a head that was printed before and kept elsewhere: still in the chain?"
    )
    show = _command(audit, "show", _audit_show, "the newest events")
    show.add_argument("--limit", type=int, default=20, metavar="N", help="so many (default: 20)")
    _takes_org(show)


def _register_members_commands(commands: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    login = _command(commands, "login", _login, 'sign in: eval "$(python ingest/run.py login EMAIL)"')
    login.add_argument("email", nargs="?", help=f"address; without one, by the API key in {API_KEY}")
    login.add_argument("--org", metavar="CODE", help="the organization, for members of several")
    _takes_password(login)
    _command(commands, "logout", _logout, f"end the session in {TOKEN}")
    _command(commands, "whoami", _whoami, f"whose session is in {TOKEN}, and what does it permit?")

    invite = _command(commands, "invite", _invite, "invite an address of e-mail to your organization")
    invite.add_argument("email")
    invite.add_argument("--role", required=True, metavar="CODE", help="not above your own")
    accept = _command(commands, "accept", _accept, f"accept an invitation, from {INVITATION} or a prompt")
    accept.add_argument("email", help="the address that was invited")
    accept.add_argument("--name", default="", help="full name, for a new account")
    _takes_password(accept)

    member = _group(commands, "member", "members of an organization")
    add = _command(member, "add", _member_add, "make a user a member (the operator; members invite)")
    role = _command(member, "role", _member_role, "give a member another role; ends their sessions")
    for parser in (add, role):
        parser.add_argument("email")
        parser.add_argument("--role", required=True, metavar="CODE")
    remove = _command(member, "remove", _member_remove, "end a membership, its sessions and its keys")
    remove.add_argument("email")
    listing = _command(member, "list", _member_list, "show them")
    for parser in (add, role, remove, listing):
        _takes_org(parser)

    roles = _group(commands, "role", "roles of an organization, and what they permit")
    listing = _command(roles, "list", _role_list, "show them")
    add = _command(roles, "add", _role_add, "add a role that permits nothing yet")
    add.add_argument("code")
    add.add_argument("--name", required=True)
    add.add_argument("--level", required=True, type=int, help="1 to 99, from the top down")
    grant = _command(roles, "grant", _role_grant, "let a role permit more")
    withdraw = _command(roles, "withdraw", _role_withdraw, "let a role permit less")
    for parser in (grant, withdraw):
        parser.add_argument("code")
        parser.add_argument("permission", help="such as historian:read")
    for parser in (listing, add, grant, withdraw):
        _takes_org(parser)

    key = _group(commands, "key", "API keys")
    create = _command(key, "create", _key_create, "make a key that acts for a member; shown once")
    create.add_argument("email", help="the member")
    create.add_argument("--name", required=True, help="what it is for")
    create.add_argument("--scope", required=True, action="append", help="such as historian:read; may be given again")
    create.add_argument("--days", type=int, default=90, metavar="N", help="how long it lasts (default: 90)")
    create.add_argument("--environment", choices=("live", "test"), default="live", help="in the key's name (default: live)")
    revoke = _command(key, "revoke", _key_revoke, "withdraw a key; ends its sessions")
    revoke.add_argument("prefix", help="its public part, sw_live_ and eight characters")
    listing = _command(key, "list", _key_list, "show them")
    for parser in (create, revoke, listing):
        _takes_org(parser)


def _group(
    commands: argparse._SubParsersAction[argparse.ArgumentParser], name: str, description: str
) -> argparse._SubParsersAction[argparse.ArgumentParser]:
    parser = commands.add_parser(
        name,
        help=description,
        description=description,
        epilog=SETTING_UP,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    return parser.add_subparsers(metavar="COMMAND", required=True)


def _command(
    commands: argparse._SubParsersAction[argparse.ArgumentParser], name: str, run: Run, description: str
) -> argparse.ArgumentParser:
    parser = commands.add_parser(
        name,
        help=description,
        description=description,
        epilog=SETTING_UP,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )

    def connected(options: argparse.Namespace) -> int:
        from ingest.connection import connect, target_from_environment

        with connect(target_from_environment()) as connection:
            run(connection, options)
        return 0

    parser.set_defaults(run=connected)
    return parser


def _takes_password(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "--password-file", type=Path, metavar="PATH", help=f"its first line (default: {PASSWORD}, or else a prompt)"
    )


def _takes_org(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--org", metavar="CODE", help=f"act as the operator, in this organization (default: as {TOKEN})")


def _head(text: str) -> tuple[int, str]:
    events, _, sha256 = text.partition(":")
    if not events.isdigit() or len(sha256) != 64:
        raise argparse.ArgumentTypeError("must be N:SHA256, as `audit verify` prints it")
    return int(events), sha256


def _secret(variable: str, prompt: str, file: Path | None = None) -> str:
    """A secret from a file, the environment or a prompt, in this order."""
    from ingest.access.errors import AccessError

    if file is not None:
        try:
            return file.expanduser().read_text(encoding="utf-8").split("\n", 1)[0]
        except (OSError, UnicodeDecodeError) as error:
            raise AccessError(f"{file} cannot be read: {error}") from error
    if os.environ.get(variable):
        return os.environ[variable]
    if not sys.stdin.isatty():
        raise AccessError(f"nobody is here to be asked for the {prompt.lower()}: set {variable}")
    return getpass.getpass(f"{prompt}: ")


def _new_password(options: argparse.Namespace) -> str:
    """A password that is to be set: from a prompt it is asked for twice."""
    from ingest.access.errors import AccessError

    is_asked = options.password_file is None and not os.environ.get(PASSWORD)
    password = _secret(PASSWORD, "Password", options.password_file)
    if is_asked and getpass.getpass("Once more: ") != password:
        raise AccessError("the two passwords differ")
    return password


def _token() -> str:
    from ingest.access.errors import AccessError

    token = os.environ.get(TOKEN)
    if not token:
        raise AccessError(
            f'nobody is signed in: eval "$(python ingest/run.py login EMAIL)" sets {TOKEN}; the operator says --org'
        )
    return token


def _principal(connection: psycopg.Connection, options: argparse.Namespace) -> Principal:
    from ingest.access import principal, sessions

    if getattr(options, "org", None) is not None:
        return principal.operator(connection, options.org)
    return sessions.resume(connection, _token())


def _org_add(connection: psycopg.Connection, options: argparse.Namespace) -> None:
    from ingest.access import organizations

    org_id = organizations.add(connection, options.code, options.name, options.id)
    print(f"organization {options.code} has the number {org_id}")
    print(f"next: user add, then member add EMAIL --role owner --org {options.code}")


def _org_suspend(connection: psycopg.Connection, options: argparse.Namespace) -> None:
    from ingest.access import organizations

    organizations.suspend(connection, options.code)
    print(f"{options.code} is suspended")


def _org_resume(connection: psycopg.Connection, options: argparse.Namespace) -> None:
    from ingest.access import organizations

    organizations.resume(connection, options.code)
    print(f"{options.code} is active")


def _org_list(connection: psycopg.Connection, options: argparse.Namespace) -> None:
    from ingest.access import organizations

    _show(
        ("org_id", "code", "name", "status", "members"),
        [(org.org_id, org.org_code, org.org_name, org.status, org.members) for org in organizations.list_all(connection)],
    )


def _org_import(connection: psycopg.Connection, options: argparse.Namespace) -> None:
    from generators.engine.lake import read_manifest
    from ingest.access.populate import populate

    lake = options.lake.expanduser().resolve()
    added = populate(connection, lake, read_manifest(lake))
    print(f"new from {lake}: " + ", ".join(f"{count:,} {name.replace('_', ' ')}" for name, count in added.items()))


def _user_add(connection: psycopg.Connection, options: argparse.Namespace) -> None:
    from ingest.access import users

    password = None if options.service else _new_password(options)
    user_id = users.add(connection, options.email, options.name, password)
    print(f"user {users.normalised_email(options.email)} has the number {user_id}")


def _user_password(connection: psycopg.Connection, options: argparse.Namespace) -> None:
    from ingest.access import users

    users.set_password(connection, options.email, _new_password(options))
    print("the password is set; sessions that were open have ended")


def _user_deactivate(connection: psycopg.Connection, options: argparse.Namespace) -> None:
    from ingest.access import users

    users.deactivate(connection, options.email)
    print(f"the account {options.email} is closed")


def _user_list(connection: psycopg.Connection, options: argparse.Namespace) -> None:
    from ingest.access import users

    _show(
        ("user_id", "e-mail", "name", "status", "password"),
        [
            (user.user_id, user.email, user.full_name, user.status, "set" if user.has_password else "none")
            for user in users.list_all(connection)
        ],
    )


def _db_login_add(connection: psycopg.Connection, options: argparse.Namespace) -> None:
    from ingest.access import db_logins, principal

    operator = principal.operator(connection, options.org)
    name = db_logins.add(connection, operator, options.org, _new_password(options))
    print(f"{name} sees {options.org} and nothing else: psql --username {name}")


def _db_login_password(connection: psycopg.Connection, options: argparse.Namespace) -> None:
    from ingest.access import db_logins

    db_logins.set_password(connection, options.login, _new_password(options))
    print(f"the password of {options.login} is set")


def _db_login_remove(connection: psycopg.Connection, options: argparse.Namespace) -> None:
    from ingest.access import db_logins

    db_logins.remove(connection, options.login)
    print(f"{options.login} sees nothing any more")


def _db_login_list(connection: psycopg.Connection, options: argparse.Namespace) -> None:
    from ingest.access import db_logins

    _show(("login", "organization"), [(login.login_name, login.org_code) for login in db_logins.list_all(connection)])


def _audit_verify(connection: psycopg.Connection, options: argparse.Namespace) -> None:
    from ingest.access import audit
    from ingest.access.errors import AccessError

    verdict = audit.verify(connection, audit.Head(*options.head) if options.head else None)
    if verdict.problems:
        raise AccessError("the audit trail was tampered with: " + "; ".join(verdict.problems))
    print(f"the chain of {verdict.head.events:,} events holds; keep its head elsewhere:\n{verdict.head}")


def _audit_show(connection: psycopg.Connection, options: argparse.Namespace) -> None:
    from ingest.access import audit

    org_id = None
    if options.org is not None or os.environ.get(TOKEN):
        principal = _principal(connection, options)
        principal.require("audit:read")
        org_id = principal.org_id
    _show(
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


def _login(connection: psycopg.Connection, options: argparse.Namespace) -> None:
    from ingest.access import keys, sessions

    if options.email is None:
        session = keys.login(connection, _secret(API_KEY, "API key"))
    else:
        password = _secret(PASSWORD, "Password", options.password_file)
        session = sessions.login(connection, options.email, password, options.org, os.environ.get(TOKEN))
    print(f"export {TOKEN}={session.token}")
    print(f"signed in to {session.org_code} until {session.expires_at:%Y-%m-%d %H:%M} UTC", file=sys.stderr)


def _logout(connection: psycopg.Connection, options: argparse.Namespace) -> None:
    from ingest.access import sessions

    print("signed out" if sessions.logout(connection, _token()) else "the session had ended before")


def _whoami(connection: psycopg.Connection, options: argparse.Namespace) -> None:
    principal = _principal(connection, options)
    print(f"{principal.name} in organization {principal.org_id}: {', '.join(sorted(principal.permissions))}")


def _invite(connection: psycopg.Connection, options: argparse.Namespace) -> None:
    from ingest.access import invitations

    issued = invitations.invite(connection, _principal(connection, options), options.email, options.role)
    print(issued.token)
    print(
        f"send it to {issued.email}, and to nobody else; good once, until {issued.expires_at:%Y-%m-%d %H:%M} UTC:"
        f"\n  {INVITATION}=… python ingest/run.py accept {issued.email} --name NAME",
        file=sys.stderr,
    )


def _accept(connection: psycopg.Connection, options: argparse.Namespace) -> None:
    from ingest.access import invitations

    token = _secret(INVITATION, "Invitation")
    password = _secret(PASSWORD, "Password", options.password_file)
    role = invitations.accept(connection, token, options.email, options.name, password)
    print(f"a member now, as {role}: python ingest/run.py login {options.email}")


def _member_add(connection: psycopg.Connection, options: argparse.Namespace) -> None:
    from ingest.access import members

    members.add(connection, _principal(connection, options), options.email, options.role)
    print(f"{options.email} is a member as {options.role}")


def _member_role(connection: psycopg.Connection, options: argparse.Namespace) -> None:
    from ingest.access import members

    members.set_role(connection, _principal(connection, options), options.email, options.role)
    print(f"{options.email} is {options.role} now; their sessions have ended")


def _member_remove(connection: psycopg.Connection, options: argparse.Namespace) -> None:
    from ingest.access import members

    members.remove(connection, _principal(connection, options), options.email)
    print(f"{options.email} is no member any more")


def _member_list(connection: psycopg.Connection, options: argparse.Namespace) -> None:
    from ingest.access import members

    _show(
        ("e-mail", "name", "role", "account"),
        [
            (member.email, member.full_name, member.role_code, member.status)
            for member in members.list_members(connection, _principal(connection, options))
        ],
    )


def _role_list(connection: psycopg.Connection, options: argparse.Namespace) -> None:
    from ingest.access import members

    _show(
        ("role", "name", "level", "permits"),
        [
            (role.role_code, role.role_name, role.role_level, " ".join(role.permissions))
            for role in members.list_roles(connection, _principal(connection, options))
        ],
    )


def _role_add(connection: psycopg.Connection, options: argparse.Namespace) -> None:
    from ingest.access import members

    members.add_role(connection, _principal(connection, options), options.code, options.name, options.level)
    print(f"next: role grant {options.code} PERMISSION")


def _role_grant(connection: psycopg.Connection, options: argparse.Namespace) -> None:
    from ingest.access import members

    members.grant(connection, _principal(connection, options), options.code, options.permission)
    print(f"{options.code} permits {options.permission}")


def _role_withdraw(connection: psycopg.Connection, options: argparse.Namespace) -> None:
    from ingest.access import members

    members.withdraw(connection, _principal(connection, options), options.code, options.permission)
    print(f"{options.code} does not permit {options.permission}")


def _key_create(connection: psycopg.Connection, options: argparse.Namespace) -> None:
    from ingest.access import keys

    key = keys.create(
        connection,
        _principal(connection, options),
        options.email,
        options.name,
        options.scope,
        options.days,
        options.environment,
    )
    print(key.secret)
    print(f"shown once; {API_KEY}=… python ingest/run.py login", file=sys.stderr)


def _key_revoke(connection: psycopg.Connection, options: argparse.Namespace) -> None:
    from ingest.access import keys

    keys.revoke(connection, _principal(connection, options), options.prefix)
    print(f"{options.prefix} is revoked")


def _key_list(connection: psycopg.Connection, options: argparse.Namespace) -> None:
    from ingest.access import keys

    _show(
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
            for key in keys.list_keys(connection, _principal(connection, options))
        ],
    )


def _show(columns: tuple[str, ...], rows: list[tuple[object, ...]]) -> None:
    from rich.console import Console
    from rich.markup import escape
    from rich.table import Table

    table = Table(*columns)
    for row in rows:
        table.add_row(*(escape(str(value)) for value in row))
    Console().print(table)
