"""Every benchmark starts as the docs say, wherever it is run, and says what it measures; README.md shows the results."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.python.warehouse import ROOT

TABLE = ROOT / "benchmarks" / "table.py"
BENCHMARKS = sorted(set((ROOT / "benchmarks").glob("*.py")) - {TABLE})


@pytest.mark.parametrize("script", BENCHMARKS, ids=lambda path: path.stem)
def test_a_benchmark_answers_help_from_anywhere(script: Path, tmp_path: Path) -> None:
    environment = {key: value for key, value in os.environ.items() if key != "PYTHONPATH"}
    done = subprocess.run([sys.executable, script, "--help"], cwd=tmp_path, env=environment, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    assert "Appends one line of JSON" in done.stdout


def test_the_table_in_the_readme_is_that_of_the_results() -> None:
    done = subprocess.run([sys.executable, TABLE, "--check"], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
