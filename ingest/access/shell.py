"""What the accounts' commands share: secrets that are never arguments, the one who acts, and tables for people to read."""

from __future__ import annotations

import argparse
import getpass
import os
import sys
from pathlib import Path

import psycopg
from rich.console import Console
from rich.markup import escape
from rich.table import Table

from ingest.access import principal, sessions
from ingest.access.command import PASSWORD, TOKEN
from ingest.access.errors import AccessError
from ingest.access.principal import Principal


def secret(variable: str, prompt: str, file: Path | None = None) -> str:
    """A secret from a file, the environment or a prompt, in this order."""
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


def new_password(options: argparse.Namespace) -> str:
    """A password that is to be set: from a prompt it is asked for twice."""
    is_asked = options.password_file is None and not os.environ.get(PASSWORD)
    password = secret(PASSWORD, "Password", options.password_file)
    if is_asked and getpass.getpass("Once more: ") != password:
        raise AccessError("the two passwords differ")
    return password


def token() -> str:
    """The token of the session that this shell is in."""
    token = os.environ.get(TOKEN)
    if not token:
        raise AccessError(
            f'nobody is signed in: eval "$(python ingest/run.py login EMAIL)" sets {TOKEN}; the operator says --org'
        )
    return token


def acting_principal(connection: psycopg.Connection, options: argparse.Namespace) -> Principal:
    """Who acts: the operator in the organization of `--org`, or else the member whose session this shell is in."""
    if getattr(options, "org", None) is not None:
        return principal.operator(connection, options.org)
    return sessions.resume(connection, token())


def show_table(columns: tuple[str, ...], rows: list[tuple[object, ...]]) -> None:
    """Print rows: a table for people, lines with tabs for other programs."""
    console = Console()
    if not console.is_terminal:
        print("\n".join("\t".join(map(str, row)) for row in rows))
        return
    table = Table()
    for column in columns:
        table.add_column(column, overflow="fold")
    for row in rows:
        table.add_row(*(escape(str(value)) for value in row))
    console.print(table)
