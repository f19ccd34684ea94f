"""What all tests share: the embedded PostgreSQL, the real command, and one tiny lake."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from tests.python.command import generate
from tests.python.sharing import made_once

pytest_plugins = [
    "tests.python.postgres",
    "tests.python.accounts",
    "tests.python.warehouse",
    "tests.python.tenancy",
    "tests.python.semantic_store",
    "tests.python.object_store",
    "tests.python.spark_cluster",
]

# A test's Java lives for minutes and runs most of its code a few times: its second compiler takes a third of all CPU time, and
# that is never paid back. The first one alone gets too small a cache by itself.
os.environ.setdefault("JDK_JAVA_OPTIONS", "-XX:TieredStopAtLevel=1 -XX:ReservedCodeCacheSize=256m -XX:+UseSerialGC")


@pytest.fixture(scope="session")
def tiny_lake(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The lake of the preset tiny, made by the command with two workers. Read it only; copy it to change it."""

    def make(folder: Path) -> None:
        done = generate("--preset", "tiny", "--lake", folder / "lake", "--workers", 2)
        assert done.returncode == 0, done.stderr

    return made_once(tmp_path_factory, "tiny", make) / "lake"


# The longest come first, so that the processes of a run end at about the same time.
LONGEST = (
    "test_engines_agree.py",
    "test_negative_controls.py",
    "test_rollup_incremental.py",
    "test_rollups.py",
    "test_warehouse_small.py",
    "test_spark_generation.py",
    "test_object_store.py",
    "test_docs.py",
)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    items.sort(key=lambda item: LONGEST.index(item.path.name) if item.path.name in LONGEST else len(LONGEST))
