"""How long the main job takes: generation and `dbt build` of a preset, each as a whole process.

Appends one line of JSON per step to benchmarks/results/main_job.jsonl: wall and CPU seconds, peak memory of the largest
process, and the machine. Quote CPU seconds and ratios: machines are shared and noisy.
"""

from __future__ import annotations

import argparse
import json
import os
import platform
import resource
import subprocess
import sys
import tempfile
import time
from datetime import date
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
RESULTS = ROOT / "benchmarks" / "results" / "main_job.jsonl"


def measure(command: list[str], environment: dict[str, str]) -> dict[str, float]:
    """Run a command to its end; seconds and megabytes of it and its children. Raises CalledProcessError when it fails."""
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    started = time.monotonic()
    subprocess.run(command, cwd=ROOT, env=environment, check=True, stdout=subprocess.DEVNULL)
    seconds = time.monotonic() - started
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    return {
        "wall_seconds": round(seconds, 1),
        "cpu_seconds": round(after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime, 1),
        "peak_megabytes": round(after.ru_maxrss / 1024),
    }


def main() -> int:
    """Measure both steps of a preset in a folder of their own."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--preset", default="medium")
    preset = parser.parse_args().preset
    machine = {
        "date": date.today().isoformat(),
        "cores": os.cpu_count(),
        "machine": platform.machine(),
        "python": platform.python_version(),
    }
    with tempfile.TemporaryDirectory() as folder:
        environment = {**os.environ, "SALTWORKS_LAKE": f"{folder}/lake", "SALTWORKS_DUCKDB": f"{folder}/warehouse.duckdb"}
        steps = {
            "generate": [sys.executable, "generators/run.py", "--preset", preset],
            "dbt build": [str(Path(sys.executable).with_name("dbt")), "build", "--target-path", f"{folder}/target"],
        }
        RESULTS.parent.mkdir(exist_ok=True)
        for step, command in steps.items():
            result = {"preset": preset, "step": step, **measure(command, environment), **machine}
            print(result)
            with RESULTS.open("a", encoding="utf-8") as file:
                file.write(json.dumps(result) + "\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
