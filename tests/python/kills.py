"""Loaders and builds that are killed at random moments, and what is there when one has ended.

As a command it kills fifty times on PostgreSQL, with the preset tiny or any other lake, and appends one line of JSON per way to
benchmarks/results/kills.jsonl:

    python -m tests.python.kills --lake data/lake
"""

from __future__ import annotations

import argparse
import json
import os
import random
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from datetime import date
from pathlib import Path

import psycopg
from psycopg.sql import SQL, Identifier

from generators.engine.lake import read_manifest
from generators.engine.storage import storage
from ingest import embedded
from ingest.access.isolation import exposures
from ingest.access.policies import TRANSFORM_ROLE
from ingest.connection import Target, acting_as, connect
from tests.python.warehouse import ROOT, Warehouse

RESULTS = ROOT / "benchmarks" / "results" / "kills.jsonl"
INGEST = [sys.executable, str(ROOT / "ingest" / "run.py")]
WITHOUT_TESTS = ("--exclude-resource-type", "test", "unit_test")
LOADS = {"load, row group by row group": ("--no-backfill",), "load, places built aside": ("--backfill",)}
BUILD = "dbt build"
SHARES = {**dict.fromkeys(LOADS, 0.3), BUILD: 0.4}
COLUMNS = """
select nspname, relname, array_agg(attname::text order by attnum) filter (where atttypid <> 'double precision'::regtype)
from pg_class
inner join pg_namespace on relnamespace = pg_namespace.oid
inner join pg_attribute on attrelid = pg_class.oid and attnum > 0 and not attisdropped
where relkind = 'r' and relowner = %s::regrole
group by nspname, relname
"""


def is_killed(command: Sequence[str], environment: dict[str, str], seconds: float) -> bool:
    """Run a command and kill it after so many seconds; whether it was still running."""
    process = subprocess.Popen(
        command, cwd=ROOT, env={**os.environ, **environment}, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
    )
    try:
        process.wait(timeout=seconds)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()
        return True
    return False


def contents(connection: psycopg.Connection) -> dict[str, tuple[int, int]]:
    """Every table of dbt's: how many rows, and a hash of all their values but floats, whose last digits hang on the order."""
    found = {}
    with connection.transaction(), acting_as(connection, TRANSFORM_ROLE):
        for schema, name, columns in connection.execute(COLUMNS, (TRANSFORM_ROLE,)).fetchall():
            query = SQL("select count(*), coalesce(sum(hashtextextended(cast(row({}) as text), 0)), 0) from {}").format(
                SQL(", ").join(map(Identifier, columns)), Identifier(schema, name)
            )
            row = connection.execute(query).fetchone()
            assert row is not None, "an aggregate without GROUP BY has one row"
            found[f"{schema}.{name}"] = (row[0], int(row[1]))
    return found


def kill_loads(target: Target, lake: Path, way: str, kills: int, moments: random.Random) -> dict[str, object]:
    """Kill loads of a lake again and again; each goes on with what the one before has left, and anew when one has ended."""
    command = [*INGEST, "--lake", str(lake), *LOADS[way]]

    def run(*arguments: str) -> int:
        environment = {**os.environ, **target.variables}
        return subprocess.run([*command, *arguments], env=environment, capture_output=True, check=False).returncode

    started = time.monotonic()
    run()
    undisturbed = time.monotonic() - started
    killed, runs, ended = 0, 0, True
    while killed < kills:
        arguments = ["--replace"] if ended else []
        ended = not is_killed([*command, *arguments], target.variables, moments.uniform(0, undisturbed))
        killed += not ended
        runs += 1
    complete = run() == 0 and run("--verify") == 0
    rows = sum(entry.rows for entry in read_manifest(storage(lake)).tables.values())
    return {"rows": rows, "kills": killed, "runs": runs, "as the manifest": complete}


def kill_builds(
    killed_target: Target, undisturbed_target: Target, lake: Path, folder: Path, select: str, kills: int, moments: random.Random
) -> dict[str, object]:
    """Kill builds of an empty warehouse again and again; in the end it is as another one that nobody disturbed."""
    warehouses = []
    for target in (undisturbed_target, killed_target):
        subprocess.run([*INGEST, "--lake", str(lake)], env={**os.environ, **target.variables}, check=True, capture_output=True)
        (folder / target.login.database).mkdir()
        warehouses.append(Warehouse("postgres", lake, folder / target.login.database, target.variables))
    undisturbed, disturbed = warehouses
    arguments = ["--select", select, *WITHOUT_TESTS] if select else [*WITHOUT_TESTS]
    started = time.monotonic()
    undisturbed.dbt("build", *arguments)
    seconds = time.monotonic() - started
    killed, runs = 0, 0
    while killed < kills:
        command = disturbed.command("build", *arguments, *moments.choice([[], ["--full-refresh"]]))
        killed += is_killed(command, disturbed.environment, moments.uniform(0, seconds))
        runs += 1
    done = disturbed.dbt("build", *arguments, check=False)
    with connect(undisturbed_target) as connection:
        expected = contents(connection)
    with connect(killed_target) as connection:
        found = contents(connection)
        exposed = exposures(connection)
    return {
        "rows": sum(rows for rows, _ in expected.values()),
        "tables": len(expected),
        "kills": killed,
        "runs": runs,
        "unequal": sorted(name for name in expected.keys() | found.keys() if expected.get(name) != found.get(name)),
        "exposed": [str(exposure) for exposure in exposed],
        "complete": done.returncode == 0,
    }


def main() -> int:
    """Kill all three ways; 1 when something is lost, there twice, or open."""
    parser = argparse.ArgumentParser(prog="python -m tests.python.kills", description=main.__doc__)
    parser.add_argument("--lake", type=Path, required=True, help="the lake to load and build from")
    parser.add_argument("--kills", type=int, default=50, help="kills in all (default: 50)")
    parser.add_argument("--only", choices=SHARES, help="kill one way alone")
    parser.add_argument("--select", default="", help="what dbt builds, in its own words (default: everything)")
    parser.add_argument("--seed", type=int, default=1, help="of the random moments (default: 1)")
    options = parser.parse_args()
    lake, moments = options.lake.resolve(), random.Random(options.seed)
    is_sound = True
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)

        def database(name: str) -> Target:
            login = embedded.Login("saltworks", "only here", name)
            address = embedded.start(folder / "postgres", login)
            return Target(address.host, address.port, login, is_embedded=True)

        try:
            for way, share in SHARES.items():
                if options.only not in (None, way):
                    continue
                kills = round(share * options.kills)
                if way == BUILD:
                    targets = database("killed"), database("undisturbed")
                    result = kill_builds(*targets, lake, folder, options.select, kills, moments)
                    sound = bool(result["complete"]) and not (result["unequal"] or result["exposed"])
                else:
                    result = kill_loads(database("loads"), lake, way, kills, moments)
                    sound = bool(result["as the manifest"])
                is_sound = is_sound and sound
                line = {"way": way, **result, "date": date.today().isoformat(), "cores": os.cpu_count()}
                print(json.dumps(line), flush=True)
                with RESULTS.open("a", encoding="utf-8") as file:
                    file.write(json.dumps(line) + "\n")
        finally:
            embedded.stop(folder / "postgres")
    return 0 if is_sound else 1


if __name__ == "__main__":
    sys.exit(main())
