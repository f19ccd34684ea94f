"""The command of the embedded PostgreSQL server: start, stop, status, env."""

from __future__ import annotations

import argparse
import shlex
import sys
from pathlib import Path

if __name__ == "__main__":
    sys.path[0] = str(Path(__file__).resolve().parents[1])  # `ingest` is imported from the project, wherever this is run

from generators.terminal import fail
from ingest import embedded
from ingest.connection import Target, connect, login_from_environment
from ingest.errors import IngestError

EXAMPLES = """\
examples:
  python ingest/server.py start                  run it, with a user and a database called saltworks
  eval "$(python ingest/server.py env)"          let psql, dbt and ingestion find it in this shell
  python ingest/server.py stop                   end it; its data stay

PGUSER, PGPASSWORD and PGDATABASE, when set at `start`, name the user, the password and the database.

exit codes: 0 done, 1 the server was wrong, 2 the command was wrong
"""


def main(arguments: list[str] | None = None) -> int:
    """Run one command; returns the exit code."""
    options = _parser().parse_args(arguments)
    data: Path = options.data.expanduser().resolve()
    try:
        return {"start": _start, "stop": _stop, "status": _status, "env": _env}[options.command](data)
    except IngestError as error:
        return fail(str(error), 1)


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="python ingest/server.py",
        description="An embedded PostgreSQL server, for those without Docker.",
        epilog=EXAMPLES,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("command", choices=("start", "stop", "status", "env"), help="what to do")
    parser.add_argument(
        "--data", type=Path, default=embedded.DATA, metavar="DIR", help="folder of the server's data (default: data/postgres)"
    )
    return parser


def _start(data: Path) -> int:
    address = embedded.start(data, login_from_environment())
    print(f"PostgreSQL runs: socket in {address.host}, data in {data}")
    print('next: eval "$(python ingest/server.py env)"; python ingest/run.py')
    return 0


def _stop(data: Path) -> int:
    print("PostgreSQL was stopped" if embedded.stop(data) else f"no PostgreSQL runs on {data}")
    return 0


def _status(data: Path) -> int:
    target = _target(data)
    with connect(target) as connection:
        print(f"PostgreSQL {connection.info.parameter_status('server_version')} runs: {target}")
    return 0


def _env(data: Path) -> int:
    variables = _target(data).variables
    print("\n".join(f"export {name}={shlex.quote(value)}" for name, value in variables.items()))
    return 0


def _target(data: Path) -> Target:
    address = embedded.running(data)
    if address is None:
        raise IngestError(f"no PostgreSQL runs on {data}: run `python ingest/server.py start`")
    return Target(address.host, address.port, login_from_environment(), is_embedded=True)


if __name__ == "__main__":
    sys.exit(main())
