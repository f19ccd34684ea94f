"""How long the main job takes: generation and `dbt build` of a preset, once more, and after another day, as whole processes.

Appends one line of JSON per step to benchmarks/results/main_job.jsonl: wall and CPU seconds, peak memory of the largest
process, and the machine. Quote CPU seconds and ratios: machines are shared and noisy.
"""

from __future__ import annotations

import argparse
import json
import os
import platform
import subprocess
import sys
import tempfile
import time
from datetime import date, timedelta
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[1]
sys.path.append(str(ROOT))  # other benchmarks import the project, wherever the command is run
RESULTS = ROOT / "benchmarks" / "results" / "main_job.jsonl"


def measure(command: list[str], environment: dict[str, str], folder: Path = ROOT) -> dict[str, float]:
    """Run a command to its end; seconds and megabytes of it and its children. Raises CalledProcessError when it fails."""
    started = time.monotonic()
    process = subprocess.Popen(command, cwd=folder, env=environment, stdout=subprocess.DEVNULL)
    _, status, usage = os.wait4(process.pid, 0)
    process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode:
        raise subprocess.CalledProcessError(process.returncode, command)
    return {
        "wall_seconds": round(time.monotonic() - started, 1),
        "cpu_seconds": round(usage.ru_utime + usage.ru_stime, 1),
        "peak_megabytes": round(usage.ru_maxrss / 1024),
    }


def machine() -> dict[str, Any]:
    """When and where it was measured."""
    return {
        "date": date.today().isoformat(),
        "cores": os.cpu_count(),
        "machine": platform.machine(),
        "python": platform.python_version(),
    }


def main() -> int:
    """Measure the steps of a preset in a folder of their own."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--preset", default="medium")
    preset = parser.parse_args().preset
    from generators.scenario import load_scenario

    a_day_more = (load_scenario(preset, seed=1).end + timedelta(days=1)).isoformat()
    with tempfile.TemporaryDirectory() as folder:
        environment = {**os.environ, "SALTWORKS_LAKE": f"{folder}/lake", "SALTWORKS_DUCKDB": f"{folder}/warehouse.duckdb"}
        generate = [sys.executable, "generators/run.py", "--preset", preset]
        build = [str(Path(sys.executable).with_name("dbt")), "build", "--target-path", f"{folder}/target"]
        steps = {
            "generate": generate,
            "dbt build": build,
            "dbt build, no news": build,
            "generate a day more": [*generate, "--until", a_day_more],
            "dbt build, a day more": build,
        }
        RESULTS.parent.mkdir(exist_ok=True)
        for step, command in steps.items():
            result = {"preset": preset, "step": step, **measure(command, environment), **machine()}
            print(result)
            with RESULTS.open("a", encoding="utf-8") as file:
                file.write(json.dumps(result) + "\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
