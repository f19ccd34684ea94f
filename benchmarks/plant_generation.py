"""How fast the chemical half is generated, and whether its memory stays flat when the days are doubled.

Whole processes with one worker, start-up, planning and manifest included; a single day comes first, so that the time loops are
compiled, and Python's bytecode as well, as on every run but the first. Appends one line of JSON per run to
benchmarks/results/plant_generation.jsonl.
"""

from __future__ import annotations

import argparse
import json
import os
import sys
import tempfile
from pathlib import Path

from main_job import ROOT, machine, measure

RESULTS = ROOT / "benchmarks" / "results" / "plant_generation.jsonl"


def main() -> int:
    """Measure a preset as it is and with twice the days."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--preset", default="medium")
    preset = parser.parse_args().preset
    from generators.scenario import load_scenario

    days = load_scenario(preset, seed=1).chemical.days
    RESULTS.parent.mkdir(exist_ok=True)
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        environment = {key: value for key, value in os.environ.items() if key != "PYTHONDONTWRITEBYTECODE"}
        environment["PYTHONPYCACHEPREFIX"] = str(folder / "bytecode")
        for number in (1, days, 2 * days):
            config = folder / f"{number}.toml"
            config.write_text(f"[chemical]\ndays = {number}\n", encoding="utf-8")
            lake = folder / f"lake-{number}"
            run = measure([*_command(preset, lake), "--config", str(config)], environment)
            if number == 1:
                continue
            result = {"preset": preset, "days": number, **_readings(lake), **run, **machine()}
            with RESULTS.open("a", encoding="utf-8") as file:
                file.write(json.dumps(result) + "\n")
            print(
                f"{number} days: {result['readings'] / run['cpu_seconds'] / 1e6:.1f} million readings per CPU second,"
                f" {result['bytes'] / result['readings']:.2f} bytes a reading, {run['peak_megabytes']} MB at most"
            )
    return 0


def _command(preset: str, lake: Path) -> list[str]:
    command = [sys.executable, "generators/run.py", "--preset", preset, "--domain", "chemical", "--workers", "1"]
    return [*command, "--lake", str(lake)]


def _readings(lake: Path) -> dict[str, int]:
    """Rows and bytes of the historian's readings, by the manifest."""
    table = json.loads((lake / "manifest.json").read_text(encoding="utf-8"))["tables"]["historian.readings"]
    return {"readings": table["rows"], "bytes": table["bytes"]}


if __name__ == "__main__":
    sys.exit(main())
