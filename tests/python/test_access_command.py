"""The accounts' command line: a person sets up a tenant end to end, and no secret is an argument."""

import argparse
import re
from pathlib import Path

import psycopg
import pytest

from ingest.access import command, member_actions, operator_actions
from ingest.connection import Target
from ingest.run import main
from tests.python.accounts import PASSWORD, Connect

Captured = pytest.CaptureFixture[str]


@pytest.fixture
def run(
    accounts: psycopg.Connection, database: Target, monkeypatch: pytest.MonkeyPatch, capsys: Captured, tmp_path: Path
) -> "Run":
    monkeypatch.setenv("COLUMNS", "200")
    for variable in (command.TOKEN, command.API_KEY, command.INVITATION):
        monkeypatch.delenv(variable, raising=False)
    monkeypatch.setenv(command.PASSWORD, PASSWORD)
    return Run(capsys)


class Run:
    """Runs the command in this process; returns what it prints."""

    def __init__(self, capsys: Captured) -> None:
        self.capsys = capsys

    def __call__(self, *arguments: str) -> str:
        assert main(list(arguments)) == 0, self.capsys.readouterr().err
        return self.capsys.readouterr().out

    def refused(self, *arguments: str) -> str:
        assert main(list(arguments)) == 1
        captured = self.capsys.readouterr()
        assert captured.out == ""
        assert captured.err.startswith("error: ")
        assert captured.err.count("\n") == 1
        return captured.err


def exported(output: str) -> str:
    found = re.fullmatch(r"export SALTWORKS_TOKEN=([A-Za-z0-9_-]{43})\n", output)
    assert found, output
    return found.group(1)


def test_a_person_sets_up_a_tenant_end_to_end(run: Run, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    assert "number 7" in run("org", "add", "brine_works", "--name", "Brine [Works]", "--id", "7")
    run("user", "add", "anna@brine.example", "--name", "Anna Berg")
    run("member", "add", "anna@brine.example", "--role", "owner", "--org", "brine_works")
    assert "Brine [Works]" in run("org", "list")
    assert "anna@brine.example" in run("user", "list")

    assert "nobody is signed in" in run.refused("invite", "ben@brine.example", "--role", "operator")
    monkeypatch.setenv(command.TOKEN, exported(run("login", "anna@brine.example")))
    assert "organization:write" in run("whoami")
    invitation = run("invite", "ben@brine.example", "--role", "operator").strip()
    key = run("key", "create", "anna@brine.example", "--name", "reports", "--scope", "historian:read").strip()
    assert key[: len("sw_live_") + 8] in run("key", "list")
    assert "owner" in run("member", "list")
    run("role", "add", "planner", "--name", "Planner", "--level", "3")
    run("role", "grant", "planner", "batch:read")
    assert "planner" in run("role", "list")

    (tmp_path / "password").write_text("another password altogether\nsecond line\n")
    monkeypatch.setenv(command.INVITATION, invitation)
    assert "as operator" in run("accept", "ben@brine.example", "--name", "Ben", "--password-file", str(tmp_path / "password"))
    assert "not valid" in run.refused("accept", "ben@brine.example", "--name", "Ben")
    run("member", "role", "ben@brine.example", "--role", "planner")
    assert "keeps an owner" in run.refused("member", "remove", "anna@brine.example")
    run("member", "remove", "ben@brine.example")
    assert "invite.accept" in run("audit", "show")
    assert run("logout") == "signed out\n"
    assert "sign in again" in run.refused("whoami")

    monkeypatch.setenv(command.API_KEY, key)
    monkeypatch.setenv(command.TOKEN, exported(run("login")))
    assert run("whoami").endswith("in organization 7: historian:read\n")
    run("key", "revoke", key[: len("sw_live_") + 8], "--org", "brine_works")
    assert "not valid" in run.refused("login")
    run("org", "suspend", "brine_works")
    run("org", "resume", "brine_works")
    head = run("audit", "verify").splitlines()[-1]
    assert "holds" in run("audit", "verify", "--head", head)
    assert "no longer holds" in run.refused("audit", "verify", "--head", head.replace(":", "0:"))
    run("user", "password", "anna@brine.example")
    assert "keeps an owner" in run.refused("user", "deactivate", "anna@brine.example")


def test_a_login_for_bi_tools_is_made_and_shut_out(run: Run, login_as: Connect) -> None:
    run("org", "add", "brine_works", "--name", "Brine Works", "--id", "7")
    assert "bi_brine_works sees brine_works" in run("db-login", "add", "brine_works")
    assert "bi_brine_works" in run("db-login", "list")
    assert login_as("bi_brine_works").execute("select iam.current_org()").fetchone() == (7,)
    run("db-login", "password", "saltworks_api")
    assert "neither" in run.refused("db-login", "password", "postgres")
    run("db-login", "remove", "bi_brine_works")
    assert "no BI login" in run.refused("db-login", "remove", "bi_brine_works")


def test_without_a_terminal_a_missing_password_is_said(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv(command.PASSWORD)
    assert f"set {command.PASSWORD}" in run.refused("user", "add", "anna@brine.example", "--name", "Anna")


def test_a_database_without_accounts_says_what_to_do(database: Target, capsys: Captured) -> None:
    assert main(["org", "list"]) == 1
    assert "run.py --init" in capsys.readouterr().err


def test_a_login_without_the_role_is_told_which_one_it_needs(
    accounts: psycopg.Connection, run: Run, login_as: Connect, monkeypatch: pytest.MonkeyPatch
) -> None:
    service = login_as("saltworks_api")
    monkeypatch.setenv("PGUSER", "saltworks_api")
    monkeypatch.setenv("PGPASSWORD", service.info.password)
    assert "needs the role saltworks_auth" in run.refused("user", "list")


def commands_of(parser: argparse.ArgumentParser) -> dict[str, argparse.ArgumentParser]:
    found = {}
    for action in parser._actions:
        if isinstance(action, argparse._SubParsersAction):
            for name, child in action.choices.items():
                below = commands_of(child)
                found.update({f"{name} {rest}": deeper for rest, deeper in below.items()} or {name: child})
    return found


def test_every_command_has_an_action_a_help_with_examples_and_no_argument_for_a_secret() -> None:
    parser = argparse.ArgumentParser()
    command.register(parser.add_subparsers())
    commands = commands_of(parser)
    assert commands.keys() == operator_actions.ACTIONS.keys() | member_actions.ACTIONS.keys()
    for name, child in commands.items():
        assert child.get_default("action") == name
        assert "python ingest/run.py org add" in child.format_help()
        options = {option for action in child._actions for option in (*action.option_strings, action.dest)}
        assert not options & {"--password", "password", "--token", "token", "--key", "key", "--secret", "secret"}
