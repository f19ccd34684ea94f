"""How fast the sales half is generated, beside `tpchgen-cli parquet -s 1`, the fastest generator of a trading company we know.

Both run as whole processes, start-up, planning and manifest included, in turn and several times; CPU seconds are those of the
process by wait4. Ours has one worker. tpchgen-cli stands in an environment of its own that is thrown away. One unmeasured run
of `tiny` comes first, so that Python's bytecode is compiled, as it is on every run but the first. Appends one line of JSON per
run to benchmarks/results/sales_generation.jsonl. Compare cells per CPU second of one date: machines are shared and noisy.
"""

from __future__ import annotations

import argparse
import json
import os
import statistics
import subprocess
import sys
import tempfile
from importlib.metadata import version
from pathlib import Path

from main_job import ROOT, machine, measure

RESULTS = ROOT / "benchmarks" / "results" / "sales_generation.jsonl"
TPCHGEN = "tpchgen-cli"


def main() -> int:
    """Measure both generators in turn and print the medians."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--preset", default="medium")
    parser.add_argument("--repeat", type=int, default=3)
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        environment = {key: value for key, value in os.environ.items() if key != "PYTHONDONTWRITEBYTECODE"}
        environment["PYTHONPYCACHEPREFIX"] = str(folder / "bytecode")
        tpchgen, tpchgen_version = _installed(folder / "environment")
        commands = {
            TPCHGEN: [
                tpchgen,
                "parquet",
                "--scale-factor",
                "1",
                "--overwrite",
                "--quiet",
                "--output-dir",
                str(folder / TPCHGEN),
            ],
            "saltworks": _ours(options.preset, folder / "saltworks"),
        }
        measure(_ours("tiny", folder / "warm-up"), environment)
        runs = [(subject, measure(commands[subject], environment)) for _ in range(options.repeat) for subject in commands]
        sizes = {subject: _size(folder / subject) for subject in commands}
    versions = {
        TPCHGEN: tpchgen_version,
        "saltworks": f"{options.preset}, pyarrow {version('pyarrow')}, numpy {version('numpy')}",
    }
    results = [
        {"subject": subject, "version": versions[subject], **sizes[subject], **run, **machine()} for subject, run in runs
    ]
    RESULTS.parent.mkdir(exist_ok=True)
    with RESULTS.open("a", encoding="utf-8") as file:
        file.writelines(json.dumps(result) + "\n" for result in results)
    for subject in commands:
        seconds = statistics.median(run["cpu_seconds"] for name, run in runs if name == subject)
        print(
            f"{subject}: {sizes[subject]['cells'] / seconds / 1e6:.1f} million cells per CPU second, median of {options.repeat}"
        )
    return 0


def _ours(preset: str, lake: Path) -> list[str]:
    command = [sys.executable, "generators/run.py", "--preset", preset, "--domain", "sales", "--workers", "1"]
    return [*command, "--lake", str(lake)]


def _installed(environment: Path) -> tuple[str, str]:
    """The command of a fresh tpchgen-cli and its version."""
    uv = str(Path(sys.executable).with_name("uv"))
    python = environment / "bin" / "python"
    subprocess.run([uv, "venv", "--quiet", "--python", sys.executable, str(environment)], check=True)
    subprocess.run([uv, "pip", "install", "--quiet", "--python", str(python), TPCHGEN], check=True)
    command = str(environment / "bin" / TPCHGEN)
    answer = subprocess.run([command, "--version"], check=True, capture_output=True, text=True)
    return command, answer.stdout.strip()


def _size(folder: Path) -> dict[str, int]:
    """Rows, cells and bytes of all Parquet files in a folder."""
    import pyarrow.parquet as pq  # not before: a child's peak of memory is at least what its parent has when it starts

    files = list(folder.rglob("*.parquet"))
    footers = [pq.read_metadata(file) for file in files]
    return {
        "rows": sum(footer.num_rows for footer in footers),
        "cells": sum(footer.num_rows * footer.num_columns for footer in footers),
        "bytes": sum(file.stat().st_size for file in files),
    }


if __name__ == "__main__":
    sys.exit(main())
