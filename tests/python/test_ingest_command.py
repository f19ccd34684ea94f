"""The command line: one clear message for each thing that is wrong, the exit code, and what --check shows."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from ingest import embedded
from ingest.check import weakness
from ingest.connection import Target, connect, target_from_environment
from ingest.errors import IngestError
from ingest.run import main
from tests.python.small_lakes import make_lake, sample

RUN = Path(__file__).resolve().parents[2] / "ingest" / "run.py"
UNREACHABLE = {"PGHOST": "127.0.0.1", "PGPORT": "1"}


@pytest.fixture
def lake(tmp_path: Path) -> Path:
    return make_lake(tmp_path / "lake", {"ref.currencies": sample("ref.currencies", 12)})


def run(*arguments: str | Path, cwd: Path, **environment: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, RUN, *arguments],
        env={**os.environ, **environment},
        cwd=cwd,
        capture_output=True,
        text=True,
        check=False,
    )


def test_it_loads_from_any_folder_and_says_what_next(database: Target, lake: Path, tmp_path: Path) -> None:
    done = run("--lake", "lake", "--verbose", cwd=tmp_path)
    assert done.returncode == 0
    assert done.stdout.startswith("loaded 12 rows of 2 files")
    assert str(lake) in done.stdout
    assert "dbt build --target postgres" in done.stdout
    assert "filling ref.currencies" in done.stderr


def test_check_shows_the_server_and_whether_a_lake_is_loaded(
    database: Target, lake: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    assert main(["--check"]) == 1
    assert "none is loaded completely" in capfd.readouterr().out
    assert main(["--lake", str(lake)]) == 0
    assert main(["--check"]) == 0
    shown = capfd.readouterr().out
    for words in ("server version", "latency", "raw_ref", "ref.currencies", "hand made", "row-level security", "forced"):
        assert words in shown


@pytest.mark.parametrize(
    ("version", "words"),
    [(180004, "CVE-2026-116311"), (150019, "before 15.20"), (150020, ""), (180006, ""), (190000, ""), (140030, "no repairs")],
)
def test_known_weaknesses_are_told_by_the_version(version: int, words: str) -> None:
    found = weakness(version)
    assert words in found
    assert bool(found) == bool(words)


def test_check_fails_when_a_tenant_s_table_is_not_closed(
    database: Target, lake: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    assert main(["--lake", str(lake)]) == 0
    with connect(database) as connection:
        connection.execute("set local role saltworks_owner")
        connection.execute("alter table raw_asset.tags no force row level security")
    assert main(["--check"]) == 1
    assert "MISSING" in capfd.readouterr().out


@pytest.mark.parametrize("arguments", [("--check",), ()])
def test_an_unreachable_server_is_one_message(arguments: tuple[str, ...], lake: Path, tmp_path: Path) -> None:
    failed = run("--lake", lake, *arguments, cwd=tmp_path, **UNREACHABLE)
    assert (failed.returncode, failed.stdout) == (1, "")
    assert failed.stderr.startswith("error: cannot connect to database saltworks as saltworks at 127.0.0.1:1: ")
    assert failed.stderr.count("\n") == 1


def test_a_missing_lake_and_an_unknown_option_are_one_message(database: Target, tmp_path: Path) -> None:
    missing = run("--lake", tmp_path / "nowhere", cwd=tmp_path)
    assert (missing.returncode, missing.stderr.count("\n")) == (1, 1)
    assert "there is no lake in" in missing.stderr
    unknown = run("--lakes", cwd=tmp_path)
    assert unknown.returncode == 2
    assert "Traceback" not in missing.stderr + unknown.stderr


def test_without_pghost_the_embedded_server_is_taken(
    database: Target, server_data: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("PGHOST")
    monkeypatch.delenv("PGPORT")
    found = target_from_environment(server_data)
    assert found == database
    assert "embedded server" in str(found)
    with pytest.raises(IngestError, match=r"run `python ingest/server\.py start`, or set PGHOST"):
        target_from_environment(tmp_path / "nothing here")


def test_a_port_that_is_no_number_is_said(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PGHOST", "localhost")
    monkeypatch.setenv("PGPORT", "five")
    with pytest.raises(IngestError, match="PGPORT must be a port number, not 'five'"):
        target_from_environment(embedded.DATA)
