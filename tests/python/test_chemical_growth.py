"""The historian lets its horizon grow: old files stay, and the result is that of a run that went there at once."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Any

import polars as pl
import pytest
from polars.testing import assert_frame_equal

from generators.chemical import history, simulation
from generators.engine.checkpoints import CHECKPOINTS, pack, unpack
from generators.engine.executor import processes
from generators.engine.storage import storage
from generators.generation import Mode, generate
from generators.scenario import load_scenario

STEPS = (date(2026, 1, 1), date(2026, 1, 2), date(2026, 1, 4))


def grow(lake: Path, *steps: date) -> None:
    for number, until in enumerate(steps):
        scenario = load_scenario("tiny", seed=3, domains=("chemical",), until=until)
        generate(scenario, storage(lake), processes(1), Mode.GROW if number else Mode.FRESH)


def readings(lake: Path) -> dict[Path, bytes]:
    files = (lake / "historian" / "readings").rglob("*.parquet")
    return {file.relative_to(lake): file.read_bytes() for file in files}


def tables(lake: Path) -> dict[Path, pl.DataFrame]:
    folders = {file.parent for file in lake.rglob("*.parquet") if not file.is_relative_to(lake / "historian" / "readings")}
    frames = {folder.relative_to(lake): pl.read_parquet(folder / "*.parquet") for folder in folders}
    return {path: frame.sort(frame.columns) for path, frame in frames.items() if path.parts[0] != "meta"}


@pytest.fixture(scope="module")
def at_once(tmp_path_factory: pytest.TempPathFactory) -> Path:
    lake = tmp_path_factory.mktemp("at_once")
    grow(lake, STEPS[-1])
    return lake


def assert_same(lake: Path, other: Path) -> None:
    assert readings(lake) == readings(other)
    mine, theirs = tables(lake), tables(other)
    assert mine.keys() == theirs.keys()
    for path, frame in mine.items():
        assert_frame_equal(frame, theirs[path])


def test_growth_keeps_the_files_and_equals_a_run_that_went_there_at_once(tmp_path: Path, at_once: Path) -> None:
    grow(tmp_path, STEPS[0])
    before = {file: file.read_bytes() for file in tmp_path.rglob("*.parquet") if "meta" not in file.parts}
    for number in (1, 2):
        scenario = load_scenario("tiny", seed=3, domains=("chemical",), until=STEPS[number])
        generate(scenario, storage(tmp_path), processes(1), Mode.GROW)
    assert all(file.read_bytes() == content for file, content in before.items())
    assert_same(tmp_path, at_once)


def test_growth_goes_on_from_the_checkpoint(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    simulated: list[date] = []
    simulate_day = simulation.simulate_day

    def watched(*arguments: Any) -> Any:
        simulated.append(arguments[3])
        return simulate_day(*arguments)

    monkeypatch.setattr(history, "simulate_day", watched)
    grow(tmp_path, STEPS[0])
    simulated.clear()
    scenario = load_scenario("tiny", seed=3, domains=("chemical",), until=STEPS[1])
    generate(scenario, storage(tmp_path), processes(1), Mode.GROW)
    assert set(simulated) == {STEPS[0]}


@pytest.mark.parametrize("damage", ["missing", "cut off", "a bit flipped", "of another make"])
def test_without_its_checkpoint_a_lake_grows_all_the_same(tmp_path: Path, at_once: Path, damage: str) -> None:
    grow(tmp_path, STEPS[0])
    for file in (tmp_path / CHECKPOINTS).iterdir():
        content = file.read_bytes()
        middle = len(content) // 2
        damaged = {
            "missing": None,
            "cut off": content[:1000],
            "a bit flipped": content[:middle] + bytes([content[middle] ^ 1]) + content[middle + 1 :],
            "of another make": pack({"day": 1}),
        }[damage]
        file.unlink()
        if damaged is not None:
            file.write_bytes(damaged)
    scenario = load_scenario("tiny", seed=3, domains=("chemical",), until=STEPS[-1])
    generate(scenario, storage(tmp_path), processes(1), Mode.GROW)
    assert_same(tmp_path, at_once)


def test_a_checkpoint_is_what_it_was(tmp_path: Path) -> None:
    grow(tmp_path, STEPS[0])
    for file in (tmp_path / CHECKPOINTS).iterdir():
        evening = unpack(file.read_bytes(), history.Evening)
        assert evening is not None and evening.day == STEPS[0] and evening.instruments is not None
