"""Every benchmark starts as the docs say, wherever it is run, and says what it measures."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.python.warehouse import ROOT


@pytest.mark.parametrize("script", sorted((ROOT / "benchmarks").glob("*.py")), ids=lambda path: path.stem)
def test_a_benchmark_answers_help_from_anywhere(script: Path, tmp_path: Path) -> None:
    environment = {key: value for key, value in os.environ.items() if key != "PYTHONPATH"}
    done = subprocess.run([sys.executable, script, "--help"], cwd=tmp_path, env=environment, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    assert "Appends one line of JSON" in done.stdout
