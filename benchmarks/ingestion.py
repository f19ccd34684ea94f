"""How fast a lake comes into PostgreSQL, beside psql's own copying of the same rows.

Runs an embedded server of its own. Appends one line of JSON per step to benchmarks/results/ingestion.jsonl: rows, seconds,
rows per second, processor time of client and server, and the machine. Machines are shared and noisy: quote processor time, and
the ratio to psql, which is measured in the same run, the same rows into the same bare table.
"""

from __future__ import annotations

import argparse
import json
import os
import platform
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from datetime import date
from functools import partial
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[1]
sys.path.append(str(ROOT))  # this is run as a script, from any folder
RESULTS = ROOT / "benchmarks" / "results" / "ingestion.jsonl"
RUN = [sys.executable, str(ROOT / "ingest" / "run.py")]
TABLE = "historian.readings"
STEPS = ("beside psql", "whole lake")


class Quiet:
    """A watcher that does not look."""

    def phase(self, text: str) -> None:
        """Ignored."""

    def rows(self, count: int) -> None:
        """Ignored."""


def main() -> int:
    """Measure all steps with a server and a lake in a folder of their own."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--preset", default="medium", help="preset of the lake to load (default: medium)")
    parser.add_argument("--lake", type=Path, help="a lake of the preset that is there; otherwise one is generated")
    parser.add_argument("--only", choices=STEPS, help="measure one step alone")
    parser.add_argument("--rounds", type=int, default=3, help="times that psql and ingestion take turns (default: 3)")
    options = parser.parse_args()
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(1))  # so that the server is stopped
    from ingest import embedded
    from ingest.connection import Target

    with tempfile.TemporaryDirectory() as folder:
        data = Path(folder) / "postgres"
        try:
            measures = dict(zip(STEPS, (beside_psql, whole_lake), strict=True))
            for name in [options.only] if options.only else STEPS:
                login = embedded.Login("saltworks", "benchmark", name.replace(" ", "_"))
                address = embedded.start(data, login)
                target = Target(address.host, address.port, login, is_embedded=True)
                os.environ.update(target.variables)
                for result in measures[name](target, Path(folder), options):
                    write({"step": name, **result})
        finally:
            embedded.stop(data)
    return 0


def beside_psql(target: Any, folder: Path, options: argparse.Namespace) -> Iterator[dict[str, Any]]:
    """Days of readings, in turns: psql from ready files, and ingestion from Parquet, into bare tables and with their keys."""
    from psycopg.sql import SQL

    from generators.schema.catalog import table as declared
    from ingest import ddl
    from ingest.backfill import KEY_SETTINGS, fill, send
    from ingest.careful import load_file
    from ingest.connection import connect
    from ingest.job import Job, expected, place_of

    lake, manifest = lake_of(options, folder)
    table = declared(TABLE)
    load_parents(target, lake, manifest)
    files_of_day: dict[Any, list[Any]] = {}
    for file in manifest.tables[TABLE].files:
        files_of_day.setdefault(place_of(table, file), []).append(file)
    days = sorted(files_of_day, key=lambda day: -sum(file.rows for file in files_of_day[day]))[:2]
    rows = [sum(file.rows for file in files_of_day[day]) for day in days]
    ready = [folder / f"ready_{number}" for number in range(len(days))]
    for path, day in zip(ready, days, strict=True):
        write_stream(path, lake, files_of_day[day], table)
    job = Job(lake, 1, frozenset({TABLE, "asset.tags", "historian.ingest_files"}), None, 0.1, Quiet())
    aside = [ddl.Identifier("public", path.name) for path in ready]

    with ExitStack() as stack:
        connections = [stack.enter_context(connect(target)) for _ in days]
        for connection in connections:
            connection.autocommit = True

        def psql(number: int, *last: Any) -> None:
            statements = [ddl.create_aside(table, aside[number]), *last]
            texts = [statement.as_string(connections[0]) for statement in statements]
            copy = f"\\copy public.{ready[number].name} from '{ready[number]}' with (format binary, freeze)"
            commands = [argument for text in (texts[0], copy, *texts[1:]) for argument in ("-c", text)]
            subprocess.run(["psql", "-Xq1", "-v", "ON_ERROR_STOP=1", *commands], check=True)

        def psql_keyed(number: int) -> None:
            psql(number, *map(SQL, KEY_SETTINGS), ddl.add_primary_key(table, aside[number]))

        def bare(number: int) -> None:
            connection, files = connections[number], files_of_day[days[number]]
            with connection.transaction():
                connection.execute(ddl.create_aside(table, aside[number]))
                awaited = [((0, file), expected(connection, job, table, file)) for file in files]
                send(connection, job, days[number], aside[number], awaited)

        def keyed(number: int) -> None:
            fill(connections[number], job, days[number], files_of_day[days[number]])

        def forget() -> None:
            connection = connections[0]
            for name in aside:
                connection.execute(SQL("drop table if exists {}").format(name))
            with connection.transaction():
                connection.execute("set local role saltworks_owner")
                for day in days:
                    connection.execute(SQL("drop table if exists {}").format(ddl.partition_of(table, day.day)))
            connection.execute("delete from ingest.files where table_name = %s", (TABLE,))

        ways: dict[str, tuple[Callable[[int], None], int]] = {
            "psql, ready file, bare table": (psql, 1),
            "backfill, bare table": (bare, 1),
            "psql, primary key": (psql_keyed, 1),
            "backfill, primary key": (keyed, 1),
            "psql, primary key, two days at once": (psql_keyed, 2),
            "backfill, primary key, two days at once": (keyed, 2),
        }
        for _ in range(options.rounds):
            for way, (run, count) in ways.items():
                total = sum(rows[:count])
                result = measured(partial(at_once, run, count), target, total)
                forget()
                yield {"preset": options.preset, "way": way, "rows": total, **result}
        one = files_of_day[days[0]][0]
        result = measured(lambda: load_file(connections[0], job, table, one), target, one.rows)
        yield {"preset": options.preset, "way": "careful, primary key", "rows": one.rows, **result}


def at_once(run: Callable[[int], None], count: int) -> None:
    """Run for the numbers from 0 to count, all at the same time."""
    with ThreadPoolExecutor(count) as pool:
        list(pool.map(run, range(count)))


def write_stream(path: Path, lake: Path, files: list[Any], table: Any) -> None:
    """The files' rows as a ready file in the format of binary COPY."""
    from ingest.encode import HEADER, TRAILER, encode_rows
    from ingest.files import batches, row_groups

    with path.open("wb") as stream:
        stream.write(HEADER)
        for file in files:
            for group in range(len(row_groups(lake, file))):
                for batch in batches(lake, file, table, group):
                    stream.write(encode_rows(batch, table))
        stream.write(TRAILER)


def load_parents(target: Any, lake: Path, manifest: Any) -> None:
    """What readings refer to, and the tables."""
    from ingest.load import Scope, load

    load(target, lake, manifest, Scope(sources=frozenset({"iam", "asset"})), Quiet())
    only_files = {name: entry for name, entry in manifest.tables.items() if name != TABLE}
    trimmed = type(manifest)(**{**vars(manifest), "tables": only_files})
    load(target, lake, trimmed, Scope(sources=frozenset({"historian"})), Quiet())


def whole_lake(target: Any, folder: Path, options: argparse.Namespace) -> Iterator[dict[str, Any]]:
    """The command as users run it: the whole lake, then its verification."""
    lake, manifest = lake_of(options, folder)
    rows = sum(entry.rows for entry in manifest.tables.values())
    for way, arguments in (("load", []), ("load again", []), ("verify", ["--verify"])):
        started, server = time.monotonic(), server_cpu_seconds(target)
        process = subprocess.Popen([*RUN, "--lake", str(lake), *arguments], stdout=subprocess.DEVNULL)
        _, status, usage = os.wait4(process.pid, 0)
        process.returncode = os.waitstatus_to_exitcode(status)
        if process.returncode:
            raise subprocess.CalledProcessError(process.returncode, RUN)
        yield {
            "preset": options.preset,
            "way": way,
            "rows": rows,
            **rate(rows, time.monotonic() - started),
            "client_cpu_seconds": round(usage.ru_utime + usage.ru_stime, 1),
            "server_cpu_seconds": round(server_cpu_seconds(target) - server, 1),
            "client_peak_megabytes": round(usage.ru_maxrss / 1024),
        }


def lake_of(options: argparse.Namespace, folder: Path) -> tuple[Path, Any]:
    """The lake to load: the one that was named, or a generated one."""
    from generators.engine.lake import read_manifest
    from generators.engine.storage import storage

    return (options.lake, read_manifest(storage(options.lake))) if options.lake else generated(options.preset, folder)


def generated(preset: str, folder: Path) -> tuple[Path, Any]:
    """A lake of the preset, made at the first call."""
    from generators.engine.lake import read_manifest
    from generators.engine.storage import storage

    lake = folder / preset
    if not lake.exists():
        command = [sys.executable, str(ROOT / "generators" / "run.py"), "--preset", preset, "--lake", str(lake)]
        subprocess.run(command, check=True, stdout=subprocess.DEVNULL)
    return lake, read_manifest(storage(lake))


def measured(run: Callable[[], Any], target: Any, rows: int) -> dict[str, float]:
    """What it takes: seconds, rate, and seconds of processor time of the client and of the server's processes."""
    started, client, server = time.monotonic(), client_cpu_seconds(), server_cpu_seconds(target)
    run()
    seconds = time.monotonic() - started
    return {
        **rate(rows, seconds),
        "client_cpu_seconds": round(client_cpu_seconds() - client, 2),
        "server_cpu_seconds": round(server_cpu_seconds(target) - server, 2),
    }


def client_cpu_seconds() -> float:
    """Of this process and of those that it has waited for."""
    used = os.times()
    return used.user + used.system + used.children_user + used.children_system


def server_cpu_seconds(target: Any) -> float:
    """Of the embedded server's processes, those included that have ended (Linux)."""
    postmaster = (Path(target.host) / "postmaster.pid").read_text(encoding="utf-8").split()[0]
    ticks = 0
    for process in Path("/proc").glob("[0-9]*/stat"):
        try:
            fields = process.read_text(encoding="utf-8").rsplit(")", 1)[1].split()
        except OSError:  # it has ended meanwhile
            continue
        if process.parent.name == postmaster:
            ticks += sum(int(field) for field in fields[11:15])
        elif fields[1] == postmaster:
            ticks += sum(int(field) for field in fields[11:13])
    return ticks / os.sysconf("SC_CLK_TCK")


def rate(rows: int, seconds: float) -> dict[str, float]:
    """Seconds, and million rows per second."""
    return {"wall_seconds": round(seconds, 2), "million_rows_per_second": round(rows / seconds / 1e6, 3)}


def write(result: dict[str, Any]) -> None:
    """Print a result and append it, with the machine."""
    line = {
        **result,
        "date": date.today().isoformat(),
        "cores": os.cpu_count(),
        "machine": platform.machine(),
        "python": platform.python_version(),
    }
    print(line, flush=True)
    RESULTS.parent.mkdir(exist_ok=True)
    with RESULTS.open("a", encoding="utf-8") as file:
        file.write(json.dumps(line) + "\n")


if __name__ == "__main__":
    sys.exit(main())
