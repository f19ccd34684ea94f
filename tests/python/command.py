"""The generating command as its users run it: in a process of its own, from any folder, with what it prints kept."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

RUN = Path(__file__).resolve().parents[2] / "generators" / "run.py"


def command(*arguments: object) -> list[str]:
    """The command line of `generators/run.py` with these arguments."""
    return [sys.executable, str(RUN), *map(str, arguments)]


def generate(*arguments: object, **environment: str) -> subprocess.CompletedProcess[str]:
    """Run the command to its end. Whatever goes wrong, nobody is to see a traceback."""
    done = subprocess.run(
        command(*arguments), env={**os.environ, **environment}, capture_output=True, text=True, check=False, timeout=600
    )
    assert "Traceback" not in done.stdout + done.stderr, done.stderr
    return done
