"""The warehouse for tests: dbt run for real, each warehouse with files of its own."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from dataclasses import dataclass, field, replace
from functools import cached_property
from pathlib import Path
from typing import Any

import pytest

from tests.python.command import generate
from tests.python.sharing import made_once

ROOT = Path(__file__).resolve().parents[2]
PROJECT = ("dbt_project.yml", "profiles.yml", "models", "seeds", "macros", "tests", "analyses")

# What dbt parsed last in this process, by target.
PARSED: dict[str, Path] = {}


@dataclass(frozen=True)
class Warehouse:
    """One target of dbt with its lake, and a folder for all that dbt writes."""

    target: str
    lake: Path
    folder: Path
    variables: dict[str, str] = field(default_factory=dict)

    @property
    def database(self) -> Path:
        """The DuckDB file, when the target is DuckDB."""
        return self.folder / "warehouse.duckdb"

    @cached_property
    def project(self) -> Path:
        """The project with this folder as its `data`: dbt parses it anew where a profile names other paths."""
        project = self.folder / "project"
        if not project.exists():
            project.mkdir(parents=True)
            for name in PROJECT:
                (project / name).symlink_to(ROOT / name)
            (project / "data").symlink_to(self.folder)
        return project

    @property
    def environment(self) -> dict[str, str]:
        """The variables by which dbt finds what the project's folder does not say."""
        return {
            **{name: value for name, value in os.environ.items() if name not in ("SALTWORKS_DUCKDB", "SALTWORKS_SPARK")},
            "SALTWORKS_LAKE": str(self.lake),
            "DBT_TARGET_PATH": str(self.folder / "target"),
            "DBT_LOG_PATH": str(self.folder / "logs"),
            **self.variables,
        }

    def command(self, *arguments: str) -> list[str]:
        """The call of dbt with these arguments, on this target."""
        return [str(Path(sys.executable).with_name("dbt")), "--no-use-colors", *arguments, "--target", self.target]

    def dbt(self, *arguments: str, check: bool = True) -> subprocess.CompletedProcess[str]:
        """Run dbt on this warehouse; with `check` a failure shows dbt's own output."""
        parsed = self.folder / "target" / "partial_parse.msgpack"
        if self.target in PARSED and not parsed.exists():
            parsed.parent.mkdir(parents=True, exist_ok=True)
            shutil.copy(PARSED[self.target], parsed)
        done = subprocess.run(
            self.command(*arguments), cwd=self.project, env=self.environment, capture_output=True, text=True, check=False
        )
        if parsed.exists():
            PARSED[self.target] = parsed
        if check and done.returncode != 0:
            said = done.stdout[-6000:] + done.stderr[-2000:]
            pytest.fail(f"{' '.join(arguments)} on {self.target} ended with {done.returncode}:\n{said}")
        return done

    def with_lake(self, lake: Path, folder: Path) -> Warehouse:
        """An empty warehouse of the same target for another lake."""
        return replace(self, lake=lake, folder=folder)

    def failed_nodes(self) -> set[str]:
        """The names of the tests that the last invocation found red."""
        results = json.loads((self.folder / "target" / "run_results.json").read_text())["results"]
        return {result["unique_id"].split(".")[2] for result in results if result["status"] == "fail"}

    @cached_property
    def manifest(self) -> dict[str, Any]:
        """Dbt's manifest of the last invocation."""
        content: dict[str, Any] = json.loads((self.folder / "target" / "manifest.json").read_text())
        return content


def built_once(lake: Path, name: str, tmp_path_factory: pytest.TempPathFactory, like: Warehouse | None = None) -> Warehouse:
    """The lake, built by dbt on DuckDB once for all processes; each has a copy, since one at a time may write."""

    def make(folder: Path) -> None:
        warehouse = like.with_lake(lake, folder) if like else Warehouse("duckdb", lake, folder)
        warehouse.dbt("build")

    folder = tmp_path_factory.mktemp(name) / "warehouse"
    shutil.copytree(made_once(tmp_path_factory, name, make), folder, ignore=shutil.ignore_patterns("project"))
    return Warehouse("duckdb", lake, folder)


@pytest.fixture(scope="session")
def tiny_warehouse(tiny_lake: Path, tmp_path_factory: pytest.TempPathFactory) -> Warehouse:
    """The preset tiny, built and tested by dbt on DuckDB."""
    return built_once(tiny_lake, "tiny_duckdb", tmp_path_factory)


def soiled_lake(lake: Path, dirt: str, *arguments: str) -> Path:
    """The preset tiny with dirt, made by the command."""
    done = generate("--preset", "tiny", "--lake", lake, "--dirt", dirt, *arguments)
    assert done.returncode == 0, done.stderr
    return lake


@pytest.fixture(scope="session")
def hostile_lake(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The preset tiny with every kind of dirt."""
    return made_once(tmp_path_factory, "hostile", lambda folder: soiled_lake(folder / "lake", "hostile")) / "lake"


@pytest.fixture(scope="session")
def hostile_warehouse(hostile_lake: Path, tiny_warehouse: Warehouse, tmp_path_factory: pytest.TempPathFactory) -> Warehouse:
    """The hostile lake, built and tested by dbt on DuckDB."""
    return built_once(hostile_lake, "hostile_duckdb", tmp_path_factory, like=tiny_warehouse)
