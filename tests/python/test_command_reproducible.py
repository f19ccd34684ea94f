"""The same seed gives the same lake, byte for byte: with any number of workers, and after any interruption and --resume."""

import json
import os
import shutil
import signal
import subprocess
import time
from pathlib import Path

import pytest

from generators.engine.run_record import RECORD, read_run_record
from generators.engine.storage import storage
from generators.run import main
from tests.python.command import command, generate
from tests.python.golden.digests import PRESET, TINY, digests

SALES = ("ref", "pim", "crm", "mkt", "oms", "wms", "fin", "rma")


def files_of(lake: Path | str, folders: tuple[str, ...] = ("",)) -> dict[str, str]:
    """The checksums of all files of a lake, or of some of its folders; but for the record of its run, which knows a clock."""
    place = storage(lake)
    return {path: place.checksum(path) for folder in folders for path in place.files(folder) if path != RECORD}


def begin(lake: Path, *arguments: object) -> subprocess.Popen[str]:
    """Start a generation as the leader of a process group, and come back when some of its parts are finished."""
    begun = subprocess.Popen(
        command(*PRESET, *arguments, "--lake", lake, "--workers", 2),
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        start_new_session=True,
    )
    while len(list(lake.glob("_parts/*.*.json"))) < 2:
        assert begun.poll() is None, begun.communicate()
        time.sleep(0.01)
    return begun


def left_behind(group: int) -> list[str]:
    """The processes of a group that go on. One closes its pipes a moment before it is gone: that moment is waited for."""
    deadline = time.monotonic() + 5
    while (alive := members(group)) and time.monotonic() < deadline:
        time.sleep(0.05)
    return alive


def members(group: int) -> list[str]:
    """The processes of a group that are alive."""
    shown = subprocess.run(["ps", "-eo", "pgid=,stat=,args="], capture_output=True, text=True, check=True).stdout
    processes = (line.split(maxsplit=2) for line in shown.splitlines())
    return [arguments for pgid, stat, arguments in processes if int(pgid) == group and not stat.startswith("Z")]


def test_tiny_has_the_values_that_it_always_had(tiny_lake: Path) -> None:
    """When a change of the data is meant: `make golden`, and a line in the changelog."""
    now, golden = digests(tiny_lake), json.loads(TINY.read_text())
    assert {table: list(columns) for table, columns in now.items()} == {table: list(golden[table]) for table in golden}
    changed = [f"{table}.{name}" for table in now for name in now[table] if now[table][name] != golden[table][name]]
    assert not changed


def test_a_digest_notices_one_changed_value(tiny_lake: Path, tmp_path: Path) -> None:
    lake = shutil.copytree(tiny_lake, tmp_path / "lake")
    (first, second, *_) = sorted((lake / "fin" / "payments").rglob("*.parquet"))
    first.write_bytes(second.read_bytes())
    golden = json.loads(TINY.read_text())
    assert [table for table, columns in digests(lake).items() if columns != golden[table]] == ["fin.payments"]


def test_one_worker_makes_the_same_files_as_two(tiny_lake: Path, tmp_path: Path) -> None:
    done = generate(*PRESET, "--lake", tmp_path / "lake", "--workers", 1, PYTHONHASHSEED="0")
    assert done.returncode == 0, done.stderr
    assert files_of(tmp_path / "lake") == files_of(tiny_lake)


def test_a_run_records_how_it_went(tiny_lake: Path, tmp_path: Path) -> None:
    record = read_run_record(storage(tiny_lake))
    assert record is not None
    assert record.kept_parts == 0
    assert record.parts == len(list(tiny_lake.glob("_parts/*.*.json")))
    assert 0 < record.seconds < 600
    assert read_run_record(storage(tmp_path)) is None
    (tmp_path / RECORD).write_text('{"seconds": 1}')
    assert read_run_record(storage(tmp_path)) is None


def test_a_killed_run_leaves_no_process_and_can_be_resumed(tiny_lake: Path, tmp_path: Path) -> None:
    lake = tmp_path / "lake"
    killed = begin(lake)
    os.kill(killed.pid, signal.SIGKILL)
    output = "".join(killed.communicate(timeout=20))  # ends when no process holds the pipes any more
    assert "Traceback" not in output
    assert left_behind(killed.pid) == []

    verified = generate("--lake", lake, "--verify")
    assert verified.returncode == 1
    assert "unfinished" in verified.stderr
    assert "--resume" in verified.stderr

    resumed = generate(*PRESET, "--lake", lake, "--workers", 2, "--resume", PYTHONHASHSEED="0")
    assert resumed.returncode == 0, resumed.stderr
    assert "parts kept" in resumed.stdout
    assert files_of(lake) == files_of(tiny_lake)


@pytest.mark.parametrize("moment", ["at the start", "in the middle"])
def test_ctrl_c_is_one_line_and_can_be_resumed(moment: str, tiny_lake: Path, tmp_path: Path) -> None:
    lake = tmp_path / "lake"
    options = (*PRESET, "--domain", "sales", "--workers", "2", "--lake", str(lake))
    if moment == "in the middle":
        interrupted = begin(lake, "--domain", "sales")
    else:
        interrupted = subprocess.Popen(
            command(*options), stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, start_new_session=True
        )
        while not (lake / "_parts" / "scenario.json").exists():
            time.sleep(0.01)
    os.killpg(interrupted.pid, signal.SIGINT)  # as a terminal does: to every process of the group
    output, error = interrupted.communicate(timeout=20)
    assert (interrupted.returncode, output) == (130, "")
    assert error == "error: interrupted; finished parts are kept: run the same command with --resume to go on\n"
    assert left_behind(interrupted.pid) == []

    assert main([*options, "--workers", "1", "--resume"]) == 0
    assert files_of(lake, SALES) == files_of(tiny_lake, SALES)
