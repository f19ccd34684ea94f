"""`--help` of every command has examples and exit codes, and waits for nothing heavy."""

from __future__ import annotations

import subprocess
import sys

import pytest

from tests.python.warehouse import ROOT

COMMANDS = (
    "generators/run.py",
    "generators/schema/contract.py",
    "ingest/run.py",
    "ingest/run.py org add",
    "ingest/server.py",
    "semantic/run.py",
    "semantic/run.py search",
    "report/__main__.py",
    "report/scorecard.py",
    "report/export.py",
)
# Each of these takes longer to import than help may take.
HEAVY = ("pyarrow", "numpy", "numba", "polars", "duckdb", "psycopg", "rich", "scipy", "dbt", "qdrant_client", "altair")

SHOW = """
import runpy, sys
sys.path.insert(0, ".")
path, *arguments = sys.argv[1:]
sys.argv = [path, *arguments, "--help"]
try:
    runpy.run_path(path, run_name="__main__")
except SystemExit as end:
    code = end.code
print("imported:", *sorted({name.partition(".")[0] for name in sys.modules}))
sys.exit(code)
"""


@pytest.mark.parametrize("command", COMMANDS)
def test_help_is_helpful_and_quick(command: str) -> None:
    done = subprocess.run([sys.executable, "-c", SHOW, *command.split()], cwd=ROOT, capture_output=True, text=True, check=True)
    text, _, imported = done.stdout.rpartition("imported: ")
    assert "examples:" in text
    assert "exit codes: 0" in text
    assert not set(imported.split()) & set(HEAVY)
