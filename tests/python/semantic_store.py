"""Stores for tests: every engine empty and ready, and points made by hand."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from semantic import lexical, server
from semantic.embedded import EmbeddedEngine
from semantic.embedders import Ngrams
from semantic.store import Engine, Point

DIMENSION = 1024
ENGINES = ["embedded", "server in memory", pytest.param("server", marks=pytest.mark.skipif(
    "QDRANT_URL" not in os.environ, reason="no QDRANT_URL: no Qdrant server to test"))]  # fmt: skip


@contextmanager
def open_engine(name: str, folder: Path) -> Iterator[Engine]:
    """An empty engine of that name."""
    if name == "embedded":
        engine: Engine = EmbeddedEngine(folder / "index", Ngrams.name, DIMENSION, writes=True)
    else:
        server.COLLECTION = "saltworks_test"
        client = server.connect(server.MEMORY if name == "server in memory" else os.environ["QDRANT_URL"])
        server.remove(client)
        engine = server.ServerEngine(client, Ngrams.name, DIMENSION, writes=True)
    try:
        yield engine
    finally:
        engine.close()


@pytest.fixture(params=ENGINES)
def engine(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Engine]:
    """Each engine in turn, empty; on the server of QDRANT_URL in a collection for tests."""
    with open_engine(request.param, tmp_path) as opened:
        yield opened


def point(document: str, text: str, **payload: Any) -> Point:
    """A point whose meaning and words are the text."""
    return Point(
        document=document,
        dense=Ngrams().embed([text])[0],
        sparse=lexical.of_document(text),
        payload={"kind": "tag", "name": document, "text": text, "unit_code": "11", "standing": "first"}
        | {"is_called": "", "codes": "", "hash": text}
        | payload,
    )


def vector(text: str) -> list[float]:
    """The meaning of a query."""
    return [float(value) for value in np.asarray(Ngrams().embed([text])[0])]


Attack = Callable[[Engine], None]
