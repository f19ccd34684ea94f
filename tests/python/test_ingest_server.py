"""The embedded server outlives the command that started it, is found by everyone, keeps strangers out, and really stops."""

import getpass
import os
import shlex
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import psycopg
import pytest

from ingest import embedded
from ingest.connection import Target, connect
from ingest.errors import IngestError

SERVER = Path(__file__).resolve().parents[2] / "ingest" / "server.py"


def server(command: str, data: Path, cwd: Path, **environment: str) -> subprocess.CompletedProcess[str]:
    clean = {name: value for name, value in os.environ.items() if not name.startswith("PG")}
    return subprocess.run(
        [sys.executable, SERVER, command, "--data", data],
        env={**clean, **environment},
        cwd=cwd,
        capture_output=True,
        text=True,
        check=False,
    )


def test_its_whole_life_by_the_command(tmp_path: Path) -> None:
    data = tmp_path / "data"
    before = server("env", data, tmp_path)
    assert (before.returncode, before.stdout) == (1, "")
    assert "run `python ingest/server.py start`" in before.stderr

    assert server("start", data, tmp_path, PGPASSWORD="it's secret").returncode == 0
    try:
        assert server("start", data, tmp_path, PGPASSWORD="it's secret").returncode == 0, "starting twice does no harm"
        assert "PostgreSQL 18" in server("status", data, tmp_path, PGPASSWORD="it's secret").stdout
        exports = shlex.split(server("env", data, tmp_path, PGPASSWORD="it's secret").stdout.replace("export ", ""))
        variables = dict(export.split("=", 1) for export in exports)
        assert list(variables) == ["PGHOST", "PGPORT", "PGUSER", "PGPASSWORD", "PGDATABASE"]
        with psycopg.connect(
            host=variables["PGHOST"],
            port=variables["PGPORT"],
            user=variables["PGUSER"],
            password=variables["PGPASSWORD"],
            dbname=variables["PGDATABASE"],
        ) as connection:
            assert connection.execute("select current_user, current_database()").fetchone() == ("saltworks", "saltworks")
    finally:
        stopped = server("stop", data, tmp_path)
    assert (stopped.returncode, stopped.stdout) == (0, "PostgreSQL was stopped\n")
    assert embedded.running(data) is None
    assert not (data / "postmaster.pid").exists()
    assert server("stop", data, tmp_path).stdout == f"no PostgreSQL runs on {data}\n"


def test_a_long_path_and_the_lock_file_of_a_crash_do_not_hinder_it(tmp_path: Path) -> None:
    """A Unix socket's path has room for 107 bytes; and after a crash the lock may name a process that is another's now."""
    data = tmp_path / ("long " * 12).strip() / ("name " * 12).strip() / "data"
    login = embedded.Login("saltworks", "secret", "saltworks")
    assert len(str(data)) > 107
    embedded.start(data, login)
    embedded.stop(data)
    (data / "postmaster.pid").write_text(f"{os.getpid()}\n{data}\n1790000000\n5432\n{data}\n\n 1 1\nready\n")
    try:
        with connect(target(embedded.start(data, login), login)) as connection:
            assert connection.execute("select 1").fetchone() == (1,)
    finally:
        embedded.stop(data)


def target(address: embedded.Address, login: embedded.Login) -> Target:
    return Target(address.host, address.port, login, is_embedded=True)


def test_a_wrong_password_and_a_missing_database_are_told_apart(new_database: Callable[[], Target]) -> None:
    right = new_database()
    address = embedded.Address(right.host, right.port)
    for login, message in (
        (embedded.Login("saltworks", "wrong", right.login.database), "password authentication failed.*check PGUSER"),
        (embedded.Login("saltworks", right.login.password, "nowhere"), 'database "nowhere" does not exist; create it'),
    ):
        with pytest.raises(IngestError, match=message):
            connect(target(address, login))


def test_only_its_owner_is_superuser(server_data: Path) -> None:
    rules = (server_data / "pg_hba.conf").read_text().splitlines()[1:]
    assert rules == ["local all postgres peer map=owner", "local all all scram-sha-256"]
    assert (server_data / "pg_ident.conf").read_text() == f"owner {getpass.getuser()} postgres\n"


def test_text_sorts_by_code_point_as_on_the_other_engines(connection: psycopg.Connection) -> None:
    sorted_text = connection.execute("select string_agg(t, '' order by t) from unnest(array['b', 'B', 'é', 'a', 'Z']) as t")
    assert sorted_text.fetchone() == ("BZabé",)


def test_a_folder_that_cannot_be_made_is_said(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(IngestError, match="did not start"):
        embedded.start(tmp_path / "file" / "data", embedded.Login("saltworks", "secret", "saltworks"))
