"""Whether time grows with the rows: generation and `dbt build` of each half alone, in presets of ascending size.

Whole processes with all tests. Appends one line of JSON per half and preset to benchmarks/results/growth.jsonl, and prints the
straight line of CPU seconds over rows that deviates least from a half's presets, relatively, and by how much at most.
"""

from __future__ import annotations

import argparse
import json
import os
import sys
import tempfile
from pathlib import Path
from typing import Any

import numpy as np
from main_job import ROOT, machine, measure

RESULTS = ROOT / "benchmarks" / "results" / "growth.jsonl"
STEPS = ("generate", "build")


def main() -> int:
    """Measure the halves of some presets, from the smallest on."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--presets", nargs="+", default=["tiny", "small", "medium"], help="with large: 20 minutes")
    parser.add_argument("--domains", nargs="+", choices=("sales", "chemical"), default=["sales", "chemical"])
    parser.add_argument("--days", type=int, default=3, help="of readings, at most (default: 3)")
    options = parser.parse_args()
    RESULTS.parent.mkdir(exist_ok=True)
    for domain in options.domains:
        results = []
        for preset in options.presets:
            results.append(_measured(domain, preset, options.days))
            print(results[-1])
            with RESULTS.open("a", encoding="utf-8") as file:
                file.write(json.dumps(results[-1]) + "\n")
        for step in STEPS:
            print(f"{domain}, {step}: {_line(results, step)}")
    return 0


def _measured(domain: str, preset: str, most_days: int) -> dict[str, Any]:
    """Rows, and what generation and the build of them cost."""
    from generators.scenario import load_scenario

    days = min(most_days, load_scenario(preset, seed=1).chemical.days)
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        config = folder / "days.toml"
        config.write_text(f"[chemical]\ndays = {days}\n", encoding="utf-8")
        environment = {**os.environ, "SALTWORKS_LAKE": f"{folder}/lake", "SALTWORKS_DUCKDB": f"{folder}/warehouse.duckdb"}
        generate = [sys.executable, "generators/run.py", "--domain", domain, "--config", str(config), "--preset"]
        build = [
            str(Path(sys.executable).with_name("dbt")),
            "build",
            "--target-path",
            f"{folder}/target",
            "--select",
            f"+{domain}",
        ]
        measure([*generate, "tiny", "--lake", f"{folder}/warm-up"], environment)  # compiles the time loops
        costs = {
            f"{step}_{figure}": value
            for step, command in zip(STEPS, ([*generate, preset], build), strict=True)
            for figure, value in measure(command, environment).items()
        }
        tables = json.loads((folder / "lake" / "manifest.json").read_text(encoding="utf-8"))["tables"]
    rows = sum(table["rows"] for table in tables.values())
    return {"domain": domain, "preset": preset, "days": days, "rows": rows, **costs, **machine()}


def _line(results: list[dict[str, Any]], step: str) -> str:
    """The line of least squares of relative deviations, in words."""
    rows = np.array([result["rows"] / 1e6 for result in results])
    seconds = np.array([result[f"{step}_cpu_seconds"] for result in results])
    terms = np.stack([np.ones_like(rows), rows], axis=1)
    (fixed, per_million), *_ = np.linalg.lstsq(terms / seconds[:, None], np.ones_like(rows), rcond=None)
    deviation = (terms @ (fixed, per_million) / seconds - 1) * 100
    return f"{fixed:.1f} CPU s and {per_million:.2f} for each million rows, at most {abs(deviation).max():.1f} % beside it"


if __name__ == "__main__":
    sys.exit(main())
