"""Measured runs of the generating command, from which the capacity plan (`generators/run.py --plan`) has its proportions.

Whole processes: each half of a preset alone with one worker, then both with two. CPU seconds are those of the command and its
workers, memory is the largest process's. A day of medium's plants comes first, so that bytecode and time loops are compiled.
Appends one line of JSON per run to generators/measured_runs.jsonl, in place of an older one of the same scenario and workers.
After a change of the data, measure the presets anew that the file names.
"""

from __future__ import annotations

import argparse
import json
import os
import sys
import tempfile
from pathlib import Path
from typing import Any

from main_job import ROOT, machine, measure

RESULTS = ROOT / "generators" / "measured_runs.jsonl"
RUNS = {"sales": ("--domain", "sales", "--workers", "1"), "plants": ("--domain", "chemical", "--workers", "1")}
RUNS["both"] = ("--workers", "2")


def main() -> int:
    """Measure the runs of presets."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--preset", nargs="+", default=["tiny", "small", "medium"])
    parser.add_argument("--config", type=Path, help="your own numbers over the presets', as those of generators/run.py")
    parser.add_argument("--only", choices=RUNS, help="measure one run alone")
    parser.add_argument("--lake", type=Path, help="keep the last lake here")
    options = parser.parse_args()
    config = ["--config", str(options.config.resolve())] if options.config else []
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        environment = {key: value for key, value in os.environ.items() if key != "PYTHONDONTWRITEBYTECODE"}
        environment["PYTHONPYCACHEPREFIX"] = str(folder / "bytecode")
        a_day = folder / "day.toml"
        a_day.write_text("[chemical]\ndays = 1\n", encoding="utf-8")
        lake = options.lake or folder / "lake"
        command = [sys.executable, "generators/run.py", "--lake", str(lake)]
        measure([*command, *RUNS["plants"], "--config", str(a_day)], environment)
        for preset in options.preset:
            for run in [options.only] if options.only else RUNS:
                cost = measure([*command, "--preset", preset, *config, *RUNS[run]], environment)
                result = {"workers": int(RUNS[run][-1]), **cost, **machine(), **_made(lake)}
                _keep(result)
                print(f"{preset}, {run}: {cost}")
    return 0


def _made(lake: Path) -> dict[str, Any]:
    """The scenario of a lake, and files, rows and bytes of its tables."""
    manifest = json.loads((lake / "manifest.json").read_text(encoding="utf-8"))
    tables = {name: (len(table["files"]), table["rows"], table["bytes"]) for name, table in manifest["tables"].items()}
    return {"scenario": manifest["scenario"], "tables": tables}


def _keep(result: dict[str, Any]) -> None:
    lines = RESULTS.read_text(encoding="utf-8").splitlines() if RESULTS.exists() else []
    others = [line for line in lines if not _same(json.loads(line), result)]
    RESULTS.write_text("".join(f"{line}\n" for line in [*others, json.dumps(result)]), encoding="utf-8")


def _same(one: dict[str, Any], other: dict[str, Any]) -> bool:
    """Whether two runs made the same, by whatever version."""
    first, second = ({**run["scenario"], "version": "", "workers": run["workers"]} for run in (one, other))
    return first == second


if __name__ == "__main__":
    sys.exit(main())
