"""The command line of accounts: sub-commands of `python ingest/run.py`.

No secret is ever an argument, which every user of the machine could read: passwords, tokens and keys come from a prompt, a
file or the environment. What a member may do is asked of the session in SALTWORKS_TOKEN; without one, and with `--org`, the
operator of the database acts.
"""

from __future__ import annotations

import argparse
from dataclasses import dataclass
from pathlib import Path
from typing import TypeAlias

Commands: TypeAlias = "argparse._SubParsersAction[argparse.ArgumentParser]"

TOKEN, API_KEY, PASSWORD, INVITATION = (
    "SALTWORKS_TOKEN",
    "SALTWORKS_API_KEY",
    "SALTWORKS_PASSWORD",
    "SALTWORKS_INVITATION",
)

EXAMPLES = """\
examples: a tenant from nothing
  python ingest/run.py --init
  python ingest/run.py org add brine_works --name "Brine Works"
  python ingest/run.py user add anna@brine.example --name "Anna Berg"        asks for the password
  python ingest/run.py member add anna@brine.example --role owner --org brine_works
  python ingest/run.py db-login add brine_works                              a login for BI tools

examples: as a member
  eval "$(python ingest/run.py login anna@brine.example)"                    SALTWORKS_TOKEN for this shell
  python ingest/run.py invite ben@brine.example --role operator              prints the invitation: send it to Ben
  python ingest/run.py key create anna@brine.example --name collector --scope historian:read
  python ingest/run.py logout

exit codes: 0 done, 1 the data or the world was wrong, 2 the command was wrong, 130 interrupted
"""


def register(commands: Commands) -> None:
    """Add the sub-commands; each sets `run`, a function from its options to the exit code, and `action`, its words."""
    _register_operators_commands(commands)
    _register_members_commands(commands)


def _register_operators_commands(commands: Commands) -> None:
    org = _group(commands, "org", "organizations, the tenants")
    add = org.command("add", "add an organization with the usual roles")
    add.add_argument("code", help="short code, lower case, such as brine_works")
    add.add_argument("--name", required=True, help="name of the company")
    add.add_argument("--id", type=int, metavar="N", help="its org_id in the data, when it has data (default: a new number)")
    org.command("suspend", "shut it out: its sessions end, its logins see nothing").add_argument("code")
    org.command("resume", "let a suspended one in again").add_argument("code")
    org.command("list", "show them")
    org.command("import", "take over the organizations and people of the lake (`--lake PATH org import`)")

    user = _group(commands, "user", "people and services with an account")
    add = user.command("add", "add a user")
    add.add_argument("email")
    add.add_argument("--name", required=True, help="full name")
    add.add_argument("--service", action="store_true", help="a program: no password, API keys alone")
    _takes_password(add)
    password = user.command("password", "set the password of a user; ends their sessions")
    password.add_argument("email")
    _takes_password(password)
    user.command("deactivate", "close an account").add_argument("email")
    user.command("list", "show them")

    login = _group(commands, "db-login", "logins to the database, for BI tools and the service")
    add = login.command("add", "make bi_<organization>, which sees that organization alone")
    add.add_argument("org", metavar="ORG", help="code of the organization")
    _takes_password(add)
    password = login.command("password", "set the password of saltworks_api or a bi login")
    password.add_argument("login", metavar="LOGIN")
    _takes_password(password)
    login.command("remove", "shut a bi login out").add_argument("login", metavar="LOGIN")
    login.command("list", "show them")

    audit = _group(commands, "audit", "the audit trail")
    verify = audit.command("verify", "compute its chain of hashes anew")
    verify.add_argument(
        "--head", type=_head, metavar="N:SHA256", help="a head that was printed before and kept elsewhere: still in the chain?"
    )
    show = audit.command("show", "the newest events")
    show.add_argument("--limit", type=int, default=20, metavar="N", help="so many (default: 20)")
    _takes_org(show)


def _register_members_commands(commands: Commands) -> None:
    alone = _Group(commands)
    login = alone.command("login", 'sign in: eval "$(python ingest/run.py login EMAIL)"')
    login.add_argument("email", nargs="?", help=f"address; without one, by the API key in {API_KEY}")
    login.add_argument("--org", metavar="CODE", help="the organization, for members of several")
    _takes_password(login)
    alone.command("logout", f"end the session in {TOKEN}")
    alone.command("whoami", f"whose session is in {TOKEN}, and what does it permit?")

    invite = alone.command("invite", "invite an address of e-mail to your organization")
    invite.add_argument("email")
    invite.add_argument("--role", required=True, metavar="CODE", help="not above your own")
    accept = alone.command("accept", f"accept an invitation, from {INVITATION} or a prompt")
    accept.add_argument("email", help="the address that was invited")
    accept.add_argument("--name", default="", help="full name, for a new account")
    _takes_password(accept)

    member = _group(commands, "member", "members of an organization")
    add = member.command("add", "make a user a member (the operator; members invite)")
    role = member.command("role", "give a member another role; ends their sessions")
    for parser in (add, role):
        parser.add_argument("email")
        parser.add_argument("--role", required=True, metavar="CODE")
    remove = member.command("remove", "end a membership, its sessions and its keys")
    remove.add_argument("email")
    listing = member.command("list", "show them")
    for parser in (add, role, remove, listing):
        _takes_org(parser)

    roles = _group(commands, "role", "roles of an organization, and what they permit")
    listing = roles.command("list", "show them")
    add = roles.command("add", "add a role that permits nothing yet")
    add.add_argument("code")
    add.add_argument("--name", required=True)
    add.add_argument("--level", required=True, type=int, help="1 to 99, from the top down")
    grant = roles.command("grant", "let a role permit more")
    withdraw = roles.command("withdraw", "let a role permit less")
    for parser in (grant, withdraw):
        parser.add_argument("code")
        parser.add_argument("permission", help="such as historian:read")
    for parser in (listing, add, grant, withdraw):
        _takes_org(parser)

    key = _group(commands, "key", "API keys")
    create = key.command("create", "make a key that acts for a member; shown once")
    create.add_argument("email", help="the member")
    create.add_argument("--name", required=True, help="what it is for")
    create.add_argument("--scope", required=True, action="append", help="such as historian:read; may be given again")
    create.add_argument("--days", type=int, default=90, metavar="N", help="how long it lasts (default: 90)")
    create.add_argument("--environment", choices=("live", "test"), default="live", help="in the key's name (default: live)")
    revoke = key.command("revoke", "withdraw a key; ends its sessions")
    revoke.add_argument("prefix", help="its public part, sw_live_ and eight characters")
    listing = key.command("list", "show them")
    for parser in (create, revoke, listing):
        _takes_org(parser)


@dataclass(frozen=True)
class _Group:
    """Commands under one word, such as `key create`; or, with no word, the commands beside it, such as `login`."""

    commands: Commands
    word: str = ""

    def command(self, name: str, description: str) -> argparse.ArgumentParser:
        parser = self.commands.add_parser(
            name,
            help=description,
            description=description,
            epilog=EXAMPLES,
            formatter_class=argparse.RawDescriptionHelpFormatter,
        )
        parser.set_defaults(run=_run, action=f"{self.word} {name}".lstrip())
        return parser


def _group(commands: Commands, word: str, description: str) -> _Group:
    parser = commands.add_parser(
        word,
        help=description,
        description=description,
        epilog=EXAMPLES,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    return _Group(parser.add_subparsers(metavar="COMMAND", required=True), word)


def _run(options: argparse.Namespace) -> int:
    # Only now: --help need not wait for the database's driver.
    from ingest.access import member_actions, operator_actions
    from ingest.connection import connect, target_from_environment

    with connect(target_from_environment()) as connection:
        (operator_actions.ACTIONS | member_actions.ACTIONS)[options.action](connection, options)
    return 0


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
