"""What row-level security costs a tenant: its queries by a BI login, beside those with a filter and without policies.

Loads a lake into an embedded PostgreSQL of its own, builds the plants' marts, and runs each query both ways in turn. Both give
the same rows, or the benchmark fails. Appends one line of JSON per query to benchmarks/results/row_level_security.jsonl:
the median of the milliseconds both ways, their ratio, and the machine. The ratio is to stay below 1.3.
"""

from __future__ import annotations

import argparse
import json
import os
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import TYPE_CHECKING

ROOT = Path(__file__).resolve().parents[1]
sys.path[0:0] = [str(ROOT), str(ROOT / "benchmarks")]
RESULTS = ROOT / "benchmarks" / "results" / "row_level_security.jsonl"

if TYPE_CHECKING:
    import psycopg

    from ingest.connection import Target

PASSWORD = "only for the benchmark"
REPETITIONS = 25
# {own} is the organization's filter of a table where there are no policies, and nothing where there are. No sums of floats:
# they hang on the order of the rows.
QUERIES = {
    "one tag, one day of readings": """
        select measured_at, value, quality
        from raw_historian.readings as readings
        where tag_id = (select min(tag_id) from chemical.dim_tags as tags where true {own[tags]}) {own[readings]}
        order by measured_at
    """,
    "all readings of the organization": """
        select quality, count(*), max(value) from raw_historian.readings as readings where true {own[readings]} group by quality
    """,
    "one unit by the minute": """
        select minutes.bucket_at, tags.tag_name, minutes.average
        from chemical.fct_readings_by_minute as minutes
        inner join chemical.dim_tags as tags on minutes.org_id = tags.org_id and minutes.tag_id = tags.tag_id
        where
            tags.unit_id = (select min(unit_id) from chemical.dim_units as units where true {own[units]})
            {own[minutes]} {own[tags]}
    """,
    "all units by the hour": """
        select units.unit_name, hours.bucket_at, sum(hours.reading_count), min(hours.percent_good)
        from chemical.fct_readings_by_hour as hours
        inner join chemical.dim_tags as tags on hours.org_id = tags.org_id and hours.tag_id = tags.tag_id
        inner join chemical.dim_units as units on tags.org_id = units.org_id and tags.unit_id = units.unit_id
        where true {own[hours]} {own[tags]} {own[units]}
        group by units.unit_name, hours.bucket_at
    """,
    "alarms by transition": """
        select units.unit_name, events.transition, count(*)
        from raw_alarm.events as events
        inner join chemical.dim_units as units on events.org_id = units.org_id and events.unit_id = units.unit_id
        where true {own[events]} {own[units]}
        group by units.unit_name, events.transition
    """,
}


class Own(dict[str, str]):
    """The filter of each table alias, or nothing."""

    def __init__(self, org_id: int | None) -> None:
        super().__init__()
        self._org_id = org_id

    def __missing__(self, alias: str) -> str:
        return "" if self._org_id is None else f"and {alias}.org_id = {self._org_id}"


def milliseconds(connection: psycopg.Connection, query: str) -> tuple[float, list[tuple[object, ...]]]:
    """How long the query takes until its last row is here, and its rows."""
    started = time.perf_counter()
    rows = connection.execute(query.encode()).fetchall()
    return (time.perf_counter() - started) * 1e3, rows


def main() -> int:
    """Measure every query on one lake."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--preset", default="small", help="which lake to generate (default: small)")
    parser.add_argument("--lake", type=Path, help="or a lake that is there")
    options = parser.parse_args()
    from ingest import embedded
    from ingest.connection import Target

    with tempfile.TemporaryDirectory() as folder:
        lake = options.lake or Path(folder) / "lake"
        if options.lake is None:
            command = [sys.executable, ROOT / "generators" / "run.py", "--preset", options.preset, "--lake", lake]
            subprocess.run(command, check=True, stdout=subprocess.DEVNULL)
        data = Path(folder) / "postgres"
        login = embedded.Login("saltworks", PASSWORD, "saltworks")
        address = embedded.start(data, login)
        try:
            _measure(Target(address.host, address.port, login, is_embedded=True), lake.resolve(), Path(folder))
        finally:
            embedded.stop(data)
    return 0


def _measure(target: Target, lake: Path, folder: Path) -> None:
    import psycopg
    from main_job import machine

    from generators.engine.lake import read_manifest
    from generators.engine.storage import storage
    from ingest import embedded
    from ingest.access import db_logins, organizations, populate
    from ingest.access.principal import operator
    from ingest.connection import Target, connect

    environment = {**os.environ, **target.variables, "SALTWORKS_LAKE": str(lake)}
    dbt = [Path(sys.executable).with_name("dbt"), "build", "--target", "postgres", "--target-path", folder / "target"]
    chosen = ["--select", "chemical", "--exclude-resource-type", "test", "unit_test"]
    for command in ([sys.executable, ROOT / "ingest" / "run.py"], [*dbt, *chosen]):
        subprocess.run(command, check=True, env=environment, cwd=ROOT, stdout=subprocess.DEVNULL)
    manifest = read_manifest(storage(lake))
    with connect(target) as connection:
        populate.populate(connection, lake, manifest)
        organization = organizations.list_all(connection)[0]
        name = db_logins.add(connection, operator(connection, organization.org_code), organization.org_code, PASSWORD)
    tenant = Target(target.host, target.port, embedded.Login(name, PASSWORD, target.login.database), is_embedded=True)
    superuser = psycopg.connect(
        host=target.host, port=target.port, user=embedded.SUPERUSER, dbname=target.login.database, autocommit=True
    )
    with superuser, connect(tenant) as bound:
        superuser.execute("vacuum analyze")
        for title, text in QUERIES.items():
            plain, secure = text.format(own=Own(organization.org_id)), text.format(own=Own(None))
            times: dict[str, list[float]] = {"plain": [], "secure": []}
            for _ in range(REPETITIONS):
                plain_time, expected = milliseconds(superuser, plain)
                secure_time, found = milliseconds(bound, secure)
                if sorted(map(str, expected)) != sorted(map(str, found)) or not found:
                    raise SystemExit(f"{title}: {len(found)} rows through the policies, {len(expected)} with the filter")
                times["plain"].append(plain_time)
                times["secure"].append(secure_time)
            medians = {way: statistics.median(values) for way, values in times.items()}
            line = {
                "query": title,
                "rows": len(found),
                "preset": manifest.preset,
                "filter_milliseconds": round(medians["plain"], 2),
                "policy_milliseconds": round(medians["secure"], 2),
                "ratio": round(medians["secure"] / medians["plain"], 3),
                **machine(),
            }
            print(json.dumps(line))
            with RESULTS.open("a", encoding="utf-8") as file:
                file.write(json.dumps(line) + "\n")


if __name__ == "__main__":
    sys.exit(main())
