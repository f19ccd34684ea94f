"""The store of one organization's documents: no call without its tenant.

Every call of an engine takes a `Where`, and a `Where` cannot be made without an organization. Whoever asks can only narrow it:
its conditions are all ANDed, and there is no "or", no "not" and no nested query to get around that. Ranks of several searches
are fused by whoever searches (retrieval.py), so no request has a prefetch. Ids follow from organization and document.
"""

from __future__ import annotations

import uuid
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any, Literal, NamedTuple, Protocol

import numpy as np
from qdrant_edge import SparseVector

from semantic.embedders import Vectors
from semantic.errors import TenancyError

LAYOUT = 4  # of what is stored; an index of another one is built anew
ORG, DOCUMENT = "org", "document"  # payload keys that the store alone writes
NAMESPACE = uuid.UUID("5a17b0c5-0f0e-4d0c-9a51-7d3c1e2f4b66")
STANDING = "standing"
# Payload keys that a condition may name; all are indexed.
KEYWORDS = ("kind", "unit_code", STANDING)
WORDS = ("is_called", "codes")  # several in one text, between blanks: an engine takes one text for the price of one value
MOMENT = "at"  # seconds since 1970, UTC

VectorName = Literal["dense", "sparse"]


@dataclass(frozen=True)
class AnyOf:
    """The payload's key has one of the values, or one of WORDS has one of them among its own."""

    key: str
    values: tuple[str, ...]

    def __post_init__(self) -> None:
        if self.key not in (*KEYWORDS, *WORDS) or not isinstance(self.values, tuple):
            raise TenancyError(f"a search is narrowed by {', '.join((*KEYWORDS, *WORDS))} alone, not by {self.key!r}")


@dataclass(frozen=True)
class Since:
    """The document is of this moment or later; one without a time is not."""

    seconds: float


Condition = AnyOf | Since


@dataclass(frozen=True)
class Where:
    """Which points a call may touch: those of one organization, narrowed by conditions and ids, all of which must hold."""

    org_id: int
    conditions: tuple[Condition, ...] = ()
    ids: tuple[str, ...] | None = None

    def __post_init__(self) -> None:
        check_org(self.org_id)
        if not all(isinstance(condition, AnyOf | Since) for condition in self.conditions):
            raise TenancyError("a search is narrowed by AnyOf and Since, and by nothing else")

    @property
    def org(self) -> str:
        """The organization as it stands in the payload; keywords can be a tenant's index, numbers cannot."""
        return str(self.org_id)


def check_org(org_id: object) -> None:
    """Raise TenancyError unless it is the id of one organization."""
    if type(org_id) is not int or org_id < 1:
        raise TenancyError(f"an organization's id is a whole number of at least 1, not {org_id!r}")


@dataclass(frozen=True)
class Search:
    """The nearest points by one vector."""

    using: VectorName
    vector: list[float] | SparseVector
    limit: int


@dataclass(frozen=True)
class Point:
    """A document with its vectors, ready to be stored; id and organization are the store's to say."""

    document: str
    dense: Vectors
    sparse: SparseVector
    payload: dict[str, Any]


@dataclass(frozen=True)
class Stored:
    """A point as an engine takes and gives it."""

    id: str
    payload: dict[str, Any]
    dense: Vectors = field(default_factory=lambda: np.empty(0, dtype=np.float32))
    sparse: SparseVector = field(default_factory=lambda: SparseVector([], []))


class Scored(NamedTuple):
    """A point found, best first; higher is better. Without payload: an engine reads one from the disk for 5 µs to 40 µs."""

    id: str
    score: float


class Engine(Protocol):
    """What keeps the points: embedded or a server. Each call that touches points but `tenants` is confined to a `Where`."""

    def search(self, searches: Sequence[Search], where: Where) -> list[list[Scored]]:
        """The nearest points of each search; the sparse weights' IDF counts the organization's documents alone."""

    def scroll(self, where: Where, payload: Sequence[str] | bool, vectors: bool = False) -> Iterator[Stored]:
        """All points, with these keys of their payload."""

    def upsert(self, points: Sequence[Stored], where: Where) -> None:
        """Write points; one that is there already is replaced only when it lies within `where`."""

    def flush(self) -> None:
        """Make what was written durable."""

    def delete(self, where: Where) -> None:
        """Remove points."""

    def count(self, where: Where) -> int:
        """How many points there are."""

    def tenants(self) -> list[int]:
        """The organizations that have points: for the clean-up after one has left, and for nothing that answers a question."""

    def settle(self) -> None:
        """Make what was written durable and quick to search."""

    def purge(self) -> None:
        """Let nothing that was deleted stay in the files."""

    def close(self) -> None:
        """Let go of the index."""


class TenantStore:
    """One organization's points in an engine. A foreign id is answered as one that does not exist."""

    def __init__(self, engine: Engine, org_id: int) -> None:
        check_org(org_id)
        self._engine = engine
        self._org_id = org_id
        self._namespace = uuid.uuid5(NAMESPACE, str(org_id))

    def id_of(self, document: str) -> str:
        """The id of a document: another one in every organization."""
        return str(uuid.uuid5(self._namespace, document))

    def search(self, searches: Sequence[Search], conditions: Sequence[Condition] = ()) -> list[list[Scored]]:
        """The nearest points of each search."""
        return self._engine.search(searches, self._where(conditions))

    def among(self, ids: Sequence[str], conditions: Sequence[Condition]) -> set[str]:
        """Which of these points meet the conditions."""
        return {point.id for point in self._engine.scroll(self._where(conditions, ids), False)}

    def retrieve(self, ids: Sequence[str]) -> dict[str, dict[str, Any]]:
        """The payloads of these points, by id; one that is not there is left out."""
        return {point.id: point.payload for point in self._engine.scroll(self._where(ids=ids), True)}

    def recommend(self, ids: Sequence[str], limit: int, conditions: Sequence[Condition] = ()) -> list[Scored]:
        """The points most like these, which are left out themselves. Raises TenancyError when one is not there."""
        examples = {point.id: point.dense for point in self._engine.scroll(self._where(ids=ids), [DOCUMENT], vectors=True)}
        if not examples or set(examples) != set(ids):
            raise TenancyError("there is no such document")
        mean: Vectors = np.mean(list(examples.values()), axis=0)
        (found,) = self.search([Search("dense", mean.tolist(), limit + len(examples))], conditions)
        return [scored for scored in found if scored.id not in examples][:limit]

    def hashes(self) -> dict[str, str]:
        """The content hash of every document that is stored, by document."""
        points = self._engine.scroll(self._where(), [DOCUMENT, "hash"])
        return {point.payload[DOCUMENT]: point.payload["hash"] for point in points}

    def upsert(self, points: Sequence[Point]) -> None:
        """Write documents. Raises TenancyError, and writes none, when one's payload speaks of an organization itself."""
        for point in points:
            if ORG in point.payload or DOCUMENT in point.payload:
                raise TenancyError(f"the payload of {point.document} sets {ORG} or {DOCUMENT}, which are the store's to set")
        stored = [
            Stored(self.id_of(point.document), {**point.payload, ORG: str(self._org_id), DOCUMENT: point.document},
                   point.dense, point.sparse)
            for point in points
        ]  # fmt: skip
        self._engine.upsert(stored, self._where())

    def flush(self) -> None:
        """Make what was written durable."""
        self._engine.flush()

    def delete(self, documents: Sequence[str]) -> None:
        """Remove documents; what is not there is not missed."""
        self.delete_ids([self.id_of(document) for document in documents])

    def delete_ids(self, ids: Sequence[str]) -> None:
        """Remove points by id; what is not this organization's is not touched."""
        if ids:
            self._engine.delete(self._where(ids=ids))

    def erase(self) -> None:
        """Remove everything of the organization."""
        self._engine.delete(self._where())

    def count(self) -> int:
        """How many documents are stored."""
        return self._engine.count(self._where())

    def _where(self, conditions: Sequence[Condition] = (), ids: Sequence[str] | None = None) -> Where:
        return Where(self._org_id, tuple(conditions), None if ids is None else tuple(ids))
