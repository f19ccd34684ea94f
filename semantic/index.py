"""Which index, and with which embedder: a folder, or the server of QDRANT_URL. An index keeps the one it was built with."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from semantic.embedders import EMBEDDERS, Embedder, best_installed, choice_of, load_embedder
from semantic.errors import SemanticError
from semantic.store import LAYOUT, Engine


@contextmanager
def open_index(
    folder: Path, choice: str | None, *, writes: bool = False, rebuild: bool = False
) -> Iterator[tuple[Engine, Embedder]]:
    """The index and its embedder. Without a `choice` it is the one that the index was built with, or else the best installed.

    Raises SemanticError when the index was built with another one, when there is none to read, or when a model is missing.
    """
    url = os.environ.get("QDRANT_URL")
    failures: tuple[type[Exception], ...] = ()
    if url:
        from semantic import server  # only now: the client takes seconds to load

        failures = server.ERRORS
        client = server.connect(url)
        where = f"at {url}"
        if rebuild:
            server.remove(client)
        recorded = server.recorded(client)
        embedder = _embedder(recorded, choice, where)
        engine: Engine = server.ServerEngine(client, embedder.name, embedder.dimension, writes=writes)
    else:
        from semantic import embedded

        where = f"in {folder}"
        recorded = None if rebuild else embedded.recorded(folder)
        if recorded is None and not writes:
            raise SemanticError(f"there is no index in {folder}: run `python semantic/run.py index`")
        embedder = _embedder(recorded, choice, where)
        engine = embedded.EmbeddedEngine(folder, embedder.name, embedder.dimension, writes=writes, rebuild=rebuild)
    try:
        yield engine, embedder
    except failures as error:
        raise SemanticError(f"the server {where} failed ({error}): run the same command again, it goes on") from error
    finally:
        engine.close()


def _embedder(recorded: dict[str, object] | None, choice: str | None, where: str) -> Embedder:
    if recorded is None:
        return load_embedder(choice or best_installed())
    if recorded.get("layout") != LAYOUT:
        raise SemanticError(f"the index {where} was built by another version of Saltworks: `index --rebuild` builds it anew")
    built_with = str(recorded.get("embedder"))
    if choice is not None and choice_of(built_with) != choice:
        raise SemanticError(
            f"the index {where} was built with {built_with}, and vectors of {choice} mean nothing in it: "
            f"use --embedder {choice_of(built_with)}, or build it anew with `index --rebuild --embedder {choice}`"
        )
    if choice_of(built_with) not in EMBEDDERS:
        raise SemanticError(
            f"the index {where} was built with {built_with}, which is unknown here: `index --rebuild` builds anew"
        )
    embedder = load_embedder(choice_of(built_with))
    if (embedder.name, embedder.dimension) != (built_with, recorded.get("dimension")):
        raise SemanticError(
            f"the index {where} was built with {built_with} of {recorded.get('dimension')} dimensions, and this is "
            f"{embedder.name} of {embedder.dimension}: build it anew with `index --rebuild`"
        )
    return embedder
