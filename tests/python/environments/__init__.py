"""Other people's programs, each set in an environment of its own: their pins cannot live with those of requirements.lock."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from functools import cache
from pathlib import Path

import pytest

FOLDER = Path(__file__).parent


def run_in(
    environment: str, *command: object, folder: Path | None = None, **variables: object
) -> subprocess.CompletedProcess[str]:
    """Run a command in the environment of `<environment>.txt`, which uv makes once and keeps in its cache.

    It runs in `folder`, with these variables set. Whoever calls looks at the exit code, which is the command's own: an
    environment that cannot be installed fails the test before.
    """
    _install(environment)
    return _run_in(environment, command, folder, variables)


@cache
def _install(environment: str) -> None:
    done = _run_in(environment, ("python", "--version"), None, {})
    if done.returncode != 0:
        pytest.fail(f"the packages of tests/python/environments/{environment}.txt cannot be installed:\n{done.stderr}")


def _run_in(
    environment: str, command: tuple[object, ...], folder: Path | None, variables: dict[str, object]
) -> subprocess.CompletedProcess[str]:
    uv = shutil.which("uv", path=str(Path(sys.executable).parent)) or "uv"
    options = ("run", "--quiet", "--no-project", "--isolated", "--python", sys.executable)
    requirements = ("--with-requirements", FOLDER / f"{environment}.txt")
    line = [str(word) for word in (uv, *options, *requirements, *command)]
    settings = {**os.environ, **{name: str(value) for name, value in variables.items()}}
    return subprocess.run(line, cwd=folder, env=settings, capture_output=True, text=True, check=False)
