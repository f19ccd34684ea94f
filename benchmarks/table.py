"""Write the table of benchmarks in README.md from the last results of each kind: between its two marks, nowhere else.

`--check` writes nothing, and fails when the table is not that of the results. Results are compared within one date, since
machines are shared and noisy.
"""

from __future__ import annotations

import argparse
import json
import statistics
import sys
from collections.abc import Iterable
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[1]
RESULTS = ROOT / "benchmarks" / "results"
README = ROOT / "README.md"
BEGIN, END = "<!-- benchmarks: python benchmarks/table.py -->", "<!-- end of benchmarks -->"
GENERATORS = {
    ("saltworks", "large"): "Saltworks, sales of `large`",
    ("tpchgen-cli", "scale 10"): "tpchgen-cli, TPC-H at scale 10",
    ("saltworks", "medium"): "Saltworks, sales of `medium`",
    ("tpchgen-cli", "scale 1"): "tpchgen-cli, TPC-H at scale 1",
    ("dbldatagen", None): "dbldatagen on Spark, order lines",
    ("jafgen", None): "jafgen, a year",
    ("faker", None): "Faker, orders one by one",
}
PRESETS = ("tiny", "small", "medium", "large", "xlarge", "enterprise")

Result = dict[str, Any]


def main() -> int:
    """Write the table, or check it."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--check", action="store_true", help="write nothing, and fail when the table is another")
    check = parser.parse_args().check
    text = README.read_text(encoding="utf-8")
    before, _, rest = text.partition(BEGIN)
    after = rest.partition(END)[2]
    fresh = f"{before}{BEGIN}\n{table()}\n{END}{after}"
    if check and fresh != text:
        print("error: the table of benchmarks is not that of the results: run `python benchmarks/table.py`", file=sys.stderr)
        return 1
    README.write_text(fresh, encoding="utf-8")
    return 0


def table() -> str:
    """All of the region between the marks."""
    return "\n".join([*_generation(), "", *_ratios(), "", *_main_job()])


def _generation() -> list[str]:
    results = results_of("sales_generation")
    lines = [
        "| generator | million cells per CPU second | million rows per CPU second | MB | bytes a cell | peak MB |",
        "|---|--:|--:|--:|--:|--:|",
    ]
    for made, name in GENERATORS.items():
        runs = _last(result for result in results if (result["subject"], result["size"]) == made)
        if runs:
            one, seconds = runs[-1], statistics.median(run["cpu_seconds"] for run in runs)
            peak = max(run["peak_megabytes"] for run in runs)
            lines.append(
                f"| {name} | {_number(one['cells'] / seconds / 1e6)} | {_number(one['rows'] / seconds / 1e6)} |"
                f" {one['bytes'] / 1e6:,.0f} | {one['bytes'] / one['cells']:.1f} | {peak:,} |"
            )
    return lines


def _ratios() -> list[str]:
    lines = ["| CPU time of | to that of | ratio |", "|---|---|--:|"]
    names = {
        ("large", "sales"): "generating the sales of `large`",
        ("medium", "sales"): "generating the sales of `medium`",
        ("medium", "chemical"): "generating the plants of `medium`",
    }
    for made, name in names.items():
        runs = _last(result for result in results_of("writing_limit") if (result["preset"], result["domain"]) == made)
        lines += [f"| {name} | pyarrow writing the same tables from memory | {run['ratio']:.1f} |" for run in runs[-1:]]
    models = _last(result for result in results_of("rollups") if "model" in result)
    plain = [one["cpu_seconds"] for one in models if one["model"] == "plain group-by"]
    if plain:
        minutes = sum(one["cpu_seconds"] for one in models if one["model"] != "plain group-by") / len(plain)
        lines.append(f"| all roll-ups of a lake | one group-by minute | {minutes / statistics.mean(plain):.1f} |")
    ways = _last(result for result in results_of("ingestion") if result["step"] == "beside psql")
    ours, psql = (
        [one["client_cpu_seconds"] + one["server_cpu_seconds"] for one in ways if one["way"] == way]
        for way in ("backfill, primary key", "psql, primary key")
    )
    if ours and psql:
        ratio = statistics.median(ours) / statistics.median(psql)
        lines.append(f"| ingestion of readings | `psql \\copy` of a ready file | {ratio:.1f} |")
    return lines


def _main_job() -> list[str]:
    """The steps of the last date, the last run of each."""
    lines = ["| step | preset | CPU seconds | peak MB |", "|---|---|--:|--:|"]
    latest = {(PRESETS.index(result["preset"]), result["step"]): result for result in _last(results_of("main_job"))}
    for (preset, step), result in sorted(latest.items(), key=lambda item: item[0][0]):
        lines.append(f"| {step} | `{PRESETS[preset]}` | {result['cpu_seconds']:,.0f} | {result['peak_megabytes']:,} |")
    return lines


def results_of(benchmark: str) -> list[Result]:
    """All results of a benchmark, the oldest first."""
    path = RESULTS / f"{benchmark}.jsonl"
    return [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()] if path.exists() else []


def _last(results: Iterable[Result]) -> list[Result]:
    """Those of the last date."""
    found = list(results)
    return [result for result in found if result["date"] == found[-1]["date"]]


def _number(value: float) -> str:
    return f"{value:,.1f}" if value >= 1 else f"{value:.3f}"


if __name__ == "__main__":
    sys.exit(main())
