"""How far generation is from its limit: pyarrow writing the same tables, which are in memory already.

The command generates a preset as a whole process with one worker; then its parts are made once more in this process, one
after the other, and only the writing of their tables is counted, with the layout of the lake and without checksums. Each half
alone. Appends one line of JSON per half to benchmarks/results/writing_limit.jsonl; `ratio` is the command's CPU time to that
of the writing.
"""

from __future__ import annotations

import argparse
import json
import os
import sys
import tempfile
import time
from pathlib import Path

from main_job import ROOT, machine, measure

RESULTS = ROOT / "benchmarks" / "results" / "writing_limit.jsonl"
DOMAINS = ("sales", "chemical")


def main() -> int:
    """Measure the halves of a preset."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--preset", default="medium")
    parser.add_argument("--domain", choices=DOMAINS, nargs="+", default=DOMAINS, help="these halves alone")
    options = parser.parse_args()
    preset = options.preset
    command = [sys.executable, "generators/run.py", "--preset", preset, "--workers", "1"]
    with tempfile.TemporaryDirectory() as name:
        for domain in options.domain:
            run = measure([*command, "--domain", domain, "--lake", f"{name}/{domain}"], dict(os.environ))
            size = _written(preset, domain, Path(name, f"{domain}.parquet"))
            ratio = round(run["cpu_seconds"] / size["writing_cpu_seconds"], 2)
            result = {"preset": preset, "domain": domain, **size, **run, "ratio": ratio, **machine()}
            print(result)
            with RESULTS.open("a", encoding="utf-8") as file:
                file.write(json.dumps(result) + "\n")
    return 0


def _written(preset: str, domain: str, target: Path) -> dict[str, float]:
    """Make all parts of a half, and write each of their tables to a file: rows, cells and CPU seconds of the writing."""
    os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")
    import pyarrow.parquet as pq

    from generators.engine.lake import ROWS_PER_GROUP
    from generators.engine.layout import layout_of
    from generators.engine.plan import Window
    from generators.generation import families
    from generators.scenario import load_scenario
    from generators.schema.catalog import table as declared

    scenario = load_scenario(preset, 1, (domain,))
    window = Window(None, scenario.until)
    rows = cells = 0
    seconds = 0.0
    for family in families(scenario):
        for part in filter(window.touches, family.parts(scenario)):
            for chunk in family.chunks(scenario, part, window, None, lambda _: None):
                options = layout_of(declared(chunk.table), chunk.rows.schema)
                started = time.process_time()
                pq.write_table(chunk.rows, target, row_group_size=ROWS_PER_GROUP, store_schema=False, **options)
                seconds += time.process_time() - started
                rows += chunk.rows.num_rows
                cells += chunk.rows.num_rows * chunk.rows.num_columns
    return {"rows": rows, "cells": cells, "writing_cpu_seconds": round(seconds, 2)}


if __name__ == "__main__":
    sys.exit(main())
