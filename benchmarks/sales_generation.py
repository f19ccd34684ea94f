"""How fast the sales half is generated, beside other generators of trading companies or of rows alone.

`tpchgen-cli parquet` is the fastest that we know; it makes TPC-H at the scale with about as many rows as the preset. jafgen
simulates a year of coffee shops; dbldatagen makes 6 M order lines on a Spark of this machine, plain Faker 20,000 orders one by
one (benchmarks/rivals): rows that do not know of each other. All run as whole processes, start-up, planning and manifest
included, in turn and several times; CPU seconds are those of the process and its children by wait4. Ours has one worker. The
others stand in an environment of their own that is thrown away. One unmeasured run of `tiny` comes first, so that Python's
bytecode is compiled, as it is on every run but the first.

Appends one line of JSON per run to benchmarks/results/sales_generation.jsonl. Compare cells per CPU second of one date:
machines are shared and noisy.
"""

from __future__ import annotations

import argparse
import csv
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
RIVALS = ROOT / "benchmarks" / "rivals"
SUBJECTS = ("saltworks", "tpchgen-cli", "dbldatagen", "jafgen", "faker")
JAFGEN_YEARS, DBLDATAGEN_ROWS, FAKER_ROWS = 1, 6_000_000, 20_000
TPCH_SCALES = {"small": "0.1", "medium": "1", "large": "10"}


def main() -> int:
    """Measure the generators in turn and print the medians."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--preset", choices=TPCH_SCALES, default="medium")
    parser.add_argument("--repeat", type=int, default=3)
    parser.add_argument("--only", nargs="+", choices=SUBJECTS, default=SUBJECTS, metavar="SUBJECT", help=", ".join(SUBJECTS))
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        environment = {key: value for key, value in os.environ.items() if key != "PYTHONDONTWRITEBYTECODE"}
        environment["PYTHONPYCACHEPREFIX"] = str(folder / "bytecode")
        commands = {
            subject: command for subject, command in _commands(folder, options.preset).items() if subject in options.only
        }
        for subject in commands:
            (folder / subject).mkdir()
        measure(_ours("tiny", folder / "warm-up"), environment)
        runs = [
            (subject, measure(commands[subject], environment, folder / subject if subject == "jafgen" else ROOT))
            for _ in range(options.repeat)
            for subject in commands
        ]
        sizes = {subject: _size(folder / subject) for subject in commands}
        versions = {subject: _version(folder, subject, options.preset) for subject in commands}
    results = [
        {
            "subject": subject,
            "size": _labels(options.preset).get(subject),
            "version": versions[subject],
            **sizes[subject],
            **run,
            **machine(),
        }
        for subject, run in runs
    ]
    RESULTS.parent.mkdir(exist_ok=True)
    with RESULTS.open("a", encoding="utf-8") as file:
        file.writelines(json.dumps(result) + "\n" for result in results)
    for subject in commands:
        seconds = statistics.median(run["cpu_seconds"] for name, run in runs if name == subject)
        print(
            f"{subject}: {sizes[subject]['cells'] / seconds / 1e6:.2f} million cells per CPU second, median of {options.repeat}"
        )
    return 0


def _commands(folder: Path, preset: str) -> dict[str, list[str]]:
    """By subject, what makes its data below its folder; the others' environment is made first."""
    uv, programs = str(Path(sys.executable).with_name("uv")), folder / "environment" / "bin"
    python = str(programs / "python")
    subprocess.run([uv, "venv", "--quiet", "--python", sys.executable, str(programs.parent)], check=True)
    subprocess.run([uv, "pip", "install", "--quiet", "--python", python, "-r", str(RIVALS / "requirements.txt")], check=True)
    tpchgen = [str(programs / "tpchgen-cli"), "parquet", "--scale-factor", TPCH_SCALES[preset], "--overwrite", "--quiet"]
    return {
        "saltworks": _ours(preset, folder / "saltworks" / "lake"),
        "tpchgen-cli": [*tpchgen, "--output-dir", str(folder / "tpchgen-cli")],
        "dbldatagen": [python, str(RIVALS / "with_dbldatagen.py"), str(folder / "dbldatagen" / "lines"), str(DBLDATAGEN_ROWS)],
        "jafgen": [str(programs / "jafgen"), str(JAFGEN_YEARS)],
        "faker": [python, str(RIVALS / "with_faker.py"), str(folder / "faker"), str(FAKER_ROWS)],
    }


def _labels(preset: str) -> dict[str, str]:
    """What the subjects make whose size follows the preset."""
    return {"saltworks": preset, "tpchgen-cli": f"scale {TPCH_SCALES[preset]}"}


def _ours(preset: str, lake: Path) -> list[str]:
    command = [sys.executable, "generators/run.py", "--preset", preset, "--domain", "sales", "--workers", "1"]
    return [*command, "--lake", str(lake)]


def _version(folder: Path, subject: str, preset: str) -> str:
    if subject == "saltworks":
        return f"{preset}, pyarrow {version('pyarrow')}, numpy {version('numpy')}"
    code = f"from importlib.metadata import version; print(version('{subject}'))"
    python = str(folder / "environment" / "bin" / "python")
    return f"{subject} {subprocess.run([python, '-c', code], check=True, capture_output=True, text=True).stdout.strip()}"


def _size(folder: Path) -> dict[str, int]:
    """Rows, cells and bytes of all Parquet and CSV files in a folder."""
    import pyarrow.parquet as pq  # not before: a child's peak of memory is at least what its parent has when it starts

    parquet, tables = list(folder.rglob("*.parquet")), list(folder.rglob("*.csv"))
    shapes = [(footer.num_rows, footer.num_columns) for footer in map(pq.read_metadata, parquet)]
    for file in tables:
        with file.open(encoding="utf-8", newline="") as lines:
            columns = len(next(csv.reader(lines)))
            shapes.append((sum(1 for _ in csv.reader(lines)), columns))
    return {
        "rows": sum(rows for rows, _ in shapes),
        "cells": sum(rows * columns for rows, columns in shapes),
        "bytes": sum(file.stat().st_size for file in (*parquet, *tables)),
    }


if __name__ == "__main__":
    sys.exit(main())
