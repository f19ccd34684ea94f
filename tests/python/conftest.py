"""What all tests share: the embedded PostgreSQL, the real command, and one tiny lake."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.python.command import generate

pytest_plugins = ["tests.python.postgres", "tests.python.semantic_store", "tests.python.warehouse"]


@pytest.fixture(scope="session")
def tiny_lake(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The lake of the preset tiny, made by the command with two workers. Read it only; copy it to change it."""
    lake = tmp_path_factory.mktemp("tiny") / "lake"
    done = generate("--preset", "tiny", "--lake", lake, "--workers", 2)
    assert done.returncode == 0, done.stderr
    return lake
