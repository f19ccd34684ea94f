"""Keep an organization's part of the index equal to its documents: new and changed ones in, vanished ones out.

What is stored tells by its content hash what is still as it should be, so a killed run is resumed by running it again.
"""

from __future__ import annotations

import gc
import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC
from itertools import islice
from typing import Any

from semantic import lexical
from semantic.documents import Document
from semantic.embedders import Embedder, Vectors
from semantic.store import MOMENT, Point, TenantStore
from semantic.wording import short_forms

DOCUMENTS_AT_ONCE = 2048
FLUSH_SECONDS = 5.0  # and the batch at hand: what a kill can cost


@dataclass(frozen=True)
class Outcome:
    """What a run has done to one organization's documents."""

    added: int
    changed: int
    unchanged: int
    removed: int


def bring_up_to_date(
    store: TenantStore, documents: Iterable[Document], embedder: Embedder, progress: Callable[[int, int], None]
) -> Outcome:
    """Index what is new or changed and remove what is gone. `progress` is told how many of how many are on the disk."""
    stored = store.hashes()
    seen: set[str] = set()
    due: list[Document] = []
    for document in documents:
        seen.add(document.document)
        if stored.get(document.document) != document.content_hash:
            due.append(document)
    gone = sorted(stored.keys() - seen)
    store.delete(gone)
    gc.freeze()  # what is due is no garbage: looking through it again and again takes a sixth of the time
    done = 0
    progress(done, len(due))
    flushed = time.monotonic()
    for batch in _batches(due, DOCUMENTS_AT_ONCE):
        store.upsert(points_of(batch, embedder.embed([document.meaning for document in batch])))
        done += len(batch)
        if done == len(due) or time.monotonic() > flushed + FLUSH_SECONDS:
            store.flush()
            progress(done, len(due))
            flushed = time.monotonic()
    changed = sum(document.document in stored for document in due)
    return Outcome(len(due) - changed, changed, len(seen) - len(due), len(gone))


def points_of(documents: Sequence[Document], vectors: Vectors) -> list[Point]:
    """The points of documents whose meaning has these vectors, of shape (documents, dimension)."""
    return [
        Point(document.document, vector, lexical.of_document(document.words), _payload(document))
        for document, vector in zip(documents, vectors, strict=True)
    ]


def _payload(document: Document) -> dict[str, Any]:
    """What is stored of a document beside its vectors; what it has not is left out, since each value takes time."""
    payload: dict[str, Any] = {
        "kind": document.kind,
        "name": document.name,
        "text": document.text,
        "place": document.place,
        "unit_code": document.unit_code,
        "standing": document.standing,
        "keys": document.keys,
        "hash": document.content_hash,
    }
    if document.is_called:
        payload["is_called"] = " ".join(short_forms(document.is_called))
    if document.is_called or document.mentions:
        payload["codes"] = " ".join(short_forms((*document.is_called, *document.mentions)))
    if document.at is not None:
        payload[MOMENT] = document.at.replace(tzinfo=UTC).timestamp()
    return payload


def _batches(documents: Iterable[Document], size: int) -> Iterator[list[Document]]:
    iterator = iter(documents)
    while batch := list(islice(iterator, size)):
        yield batch
