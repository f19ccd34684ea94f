"""Two parts of a preset that is too large to run here: seconds and memory of a worker that makes them.

A fresh process makes the two parts of a family with the most rows and writes nothing. The first one pays for the start and for
what every worker plans for itself, the second one does not. Appends one line of JSON to benchmarks/results/largest_parts.jsonl.
"""

from __future__ import annotations

import argparse
import json
import os
import resource
import sys
import time
from itertools import islice

from main_job import ROOT, machine

RESULTS = ROOT / "benchmarks" / "results" / "largest_parts.jsonl"
FAMILIES = {"documents": "sales", "customers": "sales", "historian": "chemical"}


def main() -> int:
    """Make the two parts."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--preset", default="enterprise")
    parser.add_argument("--family", choices=FAMILIES, default="documents")
    parser.add_argument("--files", type=int, default=100, help="stop a part after so many files (default: 100)")
    options = parser.parse_args()
    os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")
    import pyarrow as pa

    from generators.engine.plan import Window
    from generators.generation import families
    from generators.scenario import load_scenario

    pa.set_memory_pool(pa.system_memory_pool())  # as every worker does
    scenario = load_scenario(options.preset, 1, (FAMILIES[options.family],))
    window = Window(None, scenario.until)
    family = next(family for family in families(scenario) if family.name == options.family)
    parts = sorted(filter(window.touches, family.parts(scenario)), key=lambda part: -part.expected_rows)[:2]
    started, rows, seconds = 0.0, [], []
    for part in parts:
        chunks = islice(family.chunks(scenario, part, window, None, lambda _: None), options.files)
        rows.append(sum(chunk.rows.num_rows for chunk in chunks))
        seconds.append(round(time.process_time() - started, 2))
        started = time.process_time()
    result = {
        "preset": options.preset,
        "family": options.family,
        "rows": rows,
        "cpu_seconds": seconds,
        "peak_megabytes": round(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024),
        **machine(),
    }
    print(result)
    with RESULTS.open("a", encoding="utf-8") as file:
        file.write(json.dumps(result) + "\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
