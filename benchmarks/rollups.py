"""What the roll-ups cost on DuckDB: each model of a lake built afresh, beside a plain group-by over the same readings.

Appends one line of JSON per model to benchmarks/results/rollups.jsonl. The plain group-by (count, sum, min and max by tag and
minute) is the limit to compare with; quote CPU seconds and ratios, machines are shared and noisy.
"""

from __future__ import annotations

import argparse
import json
import os
import resource
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

import duckdb
from main_job import ROOT, machine

RESULTS = ROOT / "benchmarks" / "results" / "rollups.jsonl"
PLAIN = """
    select tag_id, date_trunc('minute', measured_at), count(*), sum(value), min(value), max(value)
    from raw_historian.readings group by all
"""


def built(lake: Path, folder: Path) -> dict[str, str]:
    """The compiled SQL of the state models by name, in order, after dbt has built them in the folder."""
    environment = {**os.environ, "SALTWORKS_LAKE": str(lake), "SALTWORKS_DUCKDB": f"{folder}/warehouse.duckdb"}
    dbt = [str(Path(sys.executable).with_name("dbt")), "--quiet"]
    options = ["--select", "chemical.rollups", "--full-refresh", "--target-path", f"{folder}/target"]
    subprocess.run([*dbt, "run", *options], cwd=ROOT, env=environment, check=True)
    subprocess.run([*dbt, "compile", *options], cwd=ROOT, env=environment, check=True)
    results = json.loads(Path(folder, "target", "manifest.json").read_text())["nodes"].values()
    state = Path(folder, "target", "compiled", "saltworks", "models", "chemical", "rollups", "state")
    names = [node["name"] for node in results if node["config"].get("materialized") == "incremental"]
    return {name: (state / f"{name}.sql").read_text() for name in names}


def measure(connection: duckdb.DuckDBPyConnection, query: str) -> dict[str, Any]:
    """Write the rows of a query into a table: seconds and peak memory."""
    before, started = resource.getrusage(resource.RUSAGE_SELF), time.monotonic()
    connection.execute(f"create or replace temp table measured as {query}")
    after = resource.getrusage(resource.RUSAGE_SELF)
    return {
        "wall_seconds": round(time.monotonic() - started, 2),
        "cpu_seconds": round(after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime, 2),
        "peak_megabytes": round(after.ru_maxrss / 1024),
    }


def main() -> int:
    """Measure every state model on a lake."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--lake", type=Path, default=Path("data/lake"))
    lake = parser.parse_args().lake.resolve()
    RESULTS.parent.mkdir(exist_ok=True)
    with tempfile.TemporaryDirectory() as folder:
        models = built(lake, Path(folder))
        with duckdb.connect(f"{folder}/warehouse.duckdb") as connection:
            connection.execute("set TimeZone = 'UTC'; set memory_limit = '2500MB'; set preserve_insertion_order = false")
            connection.execute("set threads = 2")
            (readings,) = connection.execute("select count(*) from raw_historian.readings").fetchall()[0]
            for name, query in {"plain group-by": PLAIN, **models}.items():
                cost = measure(connection, query)
                rate = round(readings / 1e6 / cost["cpu_seconds"], 2) if cost["cpu_seconds"] else None
                result = {
                    "model": name,
                    "readings": readings,
                    **cost,
                    "million_readings_per_cpu_second": rate,
                    "duckdb": duckdb.__version__,
                    **machine(),
                }
                print(result)
                with RESULTS.open("a", encoding="utf-8") as file:
                    file.write(json.dumps(result) + "\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
