"""What the roll-ups cost on DuckDB: each model of a lake built afresh, beside a plain group-by, and a day appended.

Appends one line of JSON per model to benchmarks/results/rollups.jsonl, then one per whole run of dbt: all days but the last
afresh, the last day appended, and once more without news. The plain group-by (count, sum, min and max by tag and minute) is the
limit to compare with; quote CPU seconds and ratios, machines are shared and noisy.
"""

from __future__ import annotations

import argparse
import json
import os
import resource
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from itertools import chain
from pathlib import Path
from typing import Any

import duckdb
from main_job import ROOT, machine

RESULTS = ROOT / "benchmarks" / "results" / "rollups.jsonl"
PLAIN = """
    select tag_id, date_trunc('minute', measured_at), count(*), sum(value), min(value), max(value)
    from raw_historian.readings group by all
"""


def dbt(lake: Path, folder: Path, *arguments: str) -> None:
    """Run dbt on the roll-ups of a lake, with everything that it writes in the folder."""
    environment = {
        **os.environ,
        "SALTWORKS_LAKE": str(lake),
        "SALTWORKS_DUCKDB": f"{folder}/warehouse.duckdb",
        "DBT_TARGET_PATH": f"{folder}/target",
        "DBT_LOG_PATH": f"{folder}/logs",
    }
    command = [str(Path(sys.executable).with_name("dbt")), "--quiet", *arguments, "--select", "chemical.rollups"]
    subprocess.run(command, cwd=ROOT, env=environment, check=True)


def built(lake: Path, folder: Path) -> dict[str, str]:
    """The compiled SQL of the state models by name, in the order of their building, after dbt has built them in the folder."""
    dbt(lake, folder, "run", "--full-refresh")
    order = [result["unique_id"] for result in json.loads((folder / "target" / "run_results.json").read_text())["results"]]
    dbt(lake, folder, "compile", "--full-refresh")
    nodes = json.loads((folder / "target" / "manifest.json").read_text())["nodes"]
    state = folder / "target" / "compiled" / "saltworks" / "models" / "chemical" / "rollups" / "state"
    names = [nodes[name]["name"] for name in order if name in nodes and nodes[name]["config"]["materialized"] == "incremental"]
    return {name: (state / f"{name}.sql").read_text() for name in names}


def seconds(results: Path) -> float:
    """What the models of a run of dbt took, without its start."""
    return sum(result["execution_time"] for result in json.loads(results.read_text())["results"])


def appended(lake: Path, folder: Path) -> Iterator[dict[str, Any]]:
    """Whole runs of dbt over a lake of the plants' tables that lacks its last day, then has it, then brings no news."""
    part = folder / "lake"
    days = sorted(lake.glob("historian/readings/event_date=*"))
    for source in ("iam", "asset", "historian"):
        shutil.copytree(lake / source, part / source, copy_function=os.link, ignore=shutil.ignore_patterns(days[-1].name))
    for name in ("all days but the last", "the last day appended", "without news"):
        if name == "the last day appended":
            shutil.copytree(days[-1], part / days[-1].relative_to(lake), copy_function=os.link)
        before, started = resource.getrusage(resource.RUSAGE_CHILDREN), time.monotonic()
        dbt(part, folder, "run")
        after = resource.getrusage(resource.RUSAGE_CHILDREN)
        yield {
            "run": name,
            "days": len(days),
            "wall_seconds": round(time.monotonic() - started, 1),
            "model_seconds": round(seconds(folder / "target" / "run_results.json"), 1),
            "cpu_seconds": round(after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime, 1),
        }


def measure(warehouse: Path, query: str, target: Path) -> dict[str, Any]:
    """Write the rows of a query into a table of a new database, as dbt does: seconds and peak memory.

    In a connection of its own: what one query has left in memory would cost the next one time.
    """
    with duckdb.connect(str(warehouse)) as connection:
        connection.execute("set TimeZone = 'UTC'; set memory_limit = '4GB'; set preserve_insertion_order = false")
        connection.execute(f"set threads = 2; attach '{target}' as written (storage_version 'v1.0.0')")
        before, started = resource.getrusage(resource.RUSAGE_SELF), time.monotonic()
        connection.execute(f"create table written.measured as {query}")
        connection.execute("checkpoint written")
        after, ended = resource.getrusage(resource.RUSAGE_SELF), time.monotonic()
    target.unlink()
    return {
        "wall_seconds": round(ended - started, 2),
        "cpu_seconds": round(after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime, 2),
        "peak_megabytes": round(after.ru_maxrss / 1024),
    }


def models(lake: Path, folder: Path) -> Iterator[dict[str, Any]]:
    """Every state model of a lake, after the plain group-by."""
    folder.mkdir()
    queries, warehouse = built(lake, folder), folder / "warehouse.duckdb"
    with duckdb.connect(str(warehouse)) as connection:
        (readings,) = connection.execute("select count(*) from raw_historian.readings").fetchall()[0]
    for name, query in {"plain group-by": PLAIN, **queries}.items():
        cost = measure(warehouse, query, folder / "measured.duckdb")
        rate = round(readings / 1e6 / cost["cpu_seconds"], 2) if cost["cpu_seconds"] else None
        yield {"model": name, "readings": readings, **cost, "million_readings_per_cpu_second": rate}


def main() -> int:
    """Measure a lake."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--lake", type=Path, default=Path("data/lake"))
    lake = parser.parse_args().lake.resolve()
    RESULTS.parent.mkdir(exist_ok=True)
    with tempfile.TemporaryDirectory(dir=lake.parent) as folder:
        for result in chain(models(lake, Path(folder, "models")), appended(lake, Path(folder, "days"))):
            print(result)
            with RESULTS.open("a", encoding="utf-8") as file:
                file.write(json.dumps({**result, "duckdb": duckdb.__version__, **machine()}) + "\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
