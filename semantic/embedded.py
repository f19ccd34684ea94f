"""The embedded engine: Qdrant's own engine within the process, its files in a folder. One process at a time opens it."""

from __future__ import annotations

import fcntl
import json
import shutil
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import IO, Any

import numpy as np
import qdrant_edge as edge

from generators.engine.storage import write_atomically
from semantic.errors import SemanticError
from semantic.store import KEYWORDS, LAYOUT, MOMENT, ORG, WORDS, Scored, Search, Since, Stored, Where

DESCRIPTION, POINTS, LOCK = "index.json", "points", "lock"
ROWS_AT_ONCE = 1000
# What a filter or a search asks for is a field of its own; the rest is one text, since the engine takes 5 µs for every value.
FIELDS, REST = frozenset((ORG, *KEYWORDS, *WORDS, MOMENT)), "rest"
WAIT_SECONDS = 5.0
# A graph for each large tenant and none over all: a search never leaves its tenant. Up to 40 MB of vectors (26,000 of MiniLM)
# are scanned; a graph costs half a millisecond of indexing for each document. What is scanned is a copy in bytes, a quarter as
# large; the scores of what is found are those of the vectors themselves.
GRAPH = edge.HnswIndexConfig(m=0, payload_m=16, ef_construct=64, full_scan_threshold=40_000)
IN_BYTES = edge.ScalarQuantizationConfig(type=edge.ScalarType.Int8, memory=edge.Memory.Pinned)
RESCORED = edge.SearchParams(quantization=edge.QuantizationSearchParams(rescore=True))


class EmbeddedEngine:
    """The points of all organizations in a folder."""

    def __init__(self, folder: Path, embedder: str, dimension: int, *, writes: bool, rebuild: bool = False) -> None:
        """Open the index, or with `writes` make it when it is not there; with `rebuild` throw away what is.

        Raises SemanticError when another process has it, when it was built with another embedder, and when there is none.
        """
        self._folder = folder
        if writes:
            folder.mkdir(parents=True, exist_ok=True)
        elif recorded(folder) is None:
            raise SemanticError(f"there is no index in {folder}: run `python semantic/run.py index`")
        self._lock = _locked(folder)
        if rebuild:
            (folder / DESCRIPTION).unlink(missing_ok=True)
        self._dimension = dimension
        self._shard = self._open(embedder, dimension)

    def _open(self, embedder: str, dimension: int) -> edge.EdgeShard:
        description = {"embedder": embedder, "dimension": dimension, "layout": LAYOUT}
        points = self._folder / POINTS
        if recorded(self._folder) is not None:
            try:
                return edge.EdgeShard.load(str(points))
            except Exception as error:
                raise SemanticError(
                    f"the index in {self._folder} cannot be read ({error}): build it anew with `index --rebuild`"
                ) from error
        shutil.rmtree(points, ignore_errors=True)  # begun, and not described yet
        points.mkdir()
        shard = edge.EdgeShard.create(str(points), _configuration(dimension))
        create = edge.UpdateOperation.create_field_index
        shard.update(create(ORG, edge.KeywordIndexParams(is_tenant=True)))
        for key in KEYWORDS:
            shard.update(create(key, edge.KeywordIndexParams(enable_hnsw=False)))
        for key in WORDS:
            shard.update(create(key, edge.TextIndexParams(tokenizer=edge.TokenizerType.Whitespace, enable_hnsw=False)))
        shard.update(create(MOMENT, edge.FloatIndexParams(enable_hnsw=False)))
        shard.flush()
        write_atomically(self._folder / DESCRIPTION, json.dumps(description).encode())
        return shard

    def search(self, searches: Sequence[Search], where: Where) -> list[list[Scored]]:
        """The nearest points of each search, in one batch."""
        within = _filter(where)
        own = edge.SearchParams(idf=edge.IdfParams(corpus=_filter(Where(where.org_id))))
        requests = [
            edge.QueryRequest(
                limit=search.limit,
                query=edge.Query.Nearest(search.vector, using=search.using),
                filter=within,
                with_payload=False,
                params=own if search.using == "sparse" else RESCORED,
            )
            for search in searches
        ]
        found = self._shard.query_batch(edge.QueryBatchRequest(requests))
        return [[Scored(str(point.id), point.score) for point in points] for points in found]

    def scroll(self, where: Where, payload: Sequence[str] | bool, vectors: bool = False) -> Iterator[Stored]:
        """All points, page by page in order of their ids."""
        if where.ids == ():
            return
        keys: bool | list[str] = payload if isinstance(payload, bool) else [REST, *FIELDS.intersection(payload)]
        start = None
        while True:
            records, start = self._shard.scroll(
                edge.ScrollRequest(
                    offset=start,
                    limit=ROWS_AT_ONCE,
                    filter=_filter(where),
                    with_payload=keys,
                    with_vector=["dense"] if vectors else False,
                )
            )
            for record in records:
                dense = record.vector["dense"] if vectors and isinstance(record.vector, dict) else ()
                yield Stored(str(record.id), _unpacked(record.payload or {}), np.asarray(dense, dtype=np.float32))
            if start is None:
                return

    def upsert(self, points: Sequence[Stored], where: Where) -> None:
        """Write points; the engine replaces only what lies within `where`."""
        written = [
            edge.Point(point.id, {"dense": point.dense.tolist(), "sparse": point.sparse}, _packed(point.payload))
            for point in points
        ]
        with self._writing():
            self._shard.update(edge.UpdateOperation.upsert_points(written, condition=_filter(where)))

    def flush(self) -> None:
        """Write everything to the disk."""
        with self._writing():
            self._shard.flush()

    def delete(self, where: Where) -> None:
        """Remove points by filter, never by bare ids."""
        removal = edge.UpdateOperation.delete_points_by_filter(_filter(where))
        with self._writing():
            self._shard.update(removal)

    @contextmanager
    def _writing(self) -> Iterator[None]:
        """Say what to do when the disk refuses; the engine raises bare exceptions."""
        try:
            yield
        except Exception as error:
            message = f"cannot write the index in {self._folder} ({error}): make room, then run the same command again"
            raise SemanticError(message) from error

    def count(self, where: Where) -> int:
        """How many points there are, exactly."""
        return self._shard.count(edge.CountRequest(exact=True, filter=_filter(where)))

    def tenants(self) -> list[int]:
        """The organizations that have points."""
        hits = self._shard.facet(edge.FacetRequest(ORG, limit=100_000, exact=True)).hits
        return sorted(int(str(hit.value)) for hit in hits if hit.count)

    def settle(self) -> None:
        """Write everything to the disk and build the graphs of large tenants."""
        with self._writing():
            self._shard.flush()
            self._shard.optimize()

    def purge(self) -> None:
        """Rewrite the files without what was deleted, which otherwise stays in them until there is more of it."""
        points = str(self._folder / POINTS)
        for strictly in (True, False):  # the shard keeps the configuration that it was opened with last
            self._shard.flush()
            self._shard.close()
            vacuum = edge.EdgeOptimizersConfig(deleted_threshold=0.0, vacuum_min_vector_number=1) if strictly else None
            self._shard = edge.EdgeShard.load(points, _configuration(self._dimension, vacuum))
            self._shard.optimize()

    def close(self) -> None:
        """Write everything to the disk and give the folder free."""
        self._shard.close()
        self._lock.close()


def recorded(folder: Path) -> dict[str, object] | None:
    """Embedder and dimension of the index in a folder; None when there is none."""
    try:
        found: dict[str, object] = json.loads((folder / DESCRIPTION).read_text(encoding="utf-8"))
        return found
    except FileNotFoundError:
        return None
    except (OSError, ValueError) as error:
        raise SemanticError(
            f"{folder / DESCRIPTION} is damaged ({error}): build the index anew with `index --rebuild`"
        ) from error


def _locked(folder: Path) -> IO[str]:
    """The folder's lock file, locked; it is waited for as long as a search takes."""
    lock = (folder / LOCK).open("w")
    patience = time.monotonic() + WAIT_SECONDS
    while True:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
            return lock
        except OSError:
            if time.monotonic() > patience:
                lock.close()
                message = f"the index in {folder} is in use by another command: try again when it has ended"
                raise SemanticError(message) from None
            time.sleep(0.05)


def _configuration(dimension: int, optimizers: edge.EdgeOptimizersConfig | None = None) -> edge.EdgeConfig:
    return edge.EdgeConfig(
        vectors={"dense": edge.EdgeVectorParams(size=dimension, distance=edge.Distance.Cosine)},
        sparse_vectors={"sparse": edge.EdgeSparseVectorParams(modifier=edge.Modifier.Idf)},
        hnsw_config=GRAPH,
        quantization_config=IN_BYTES,
        optimizers=optimizers,
        wal_enabled=False,  # whoever writes flushes, and a log would keep the words of those who have left
    )


def _filter(where: Where) -> edge.Filter:
    """The one place where a `Where` becomes the engine's filter: the tenant first, everything else ANDed."""
    must: list[edge.FieldCondition | edge.HasIdCondition] = [edge.FieldCondition(ORG, match=edge.MatchValue(where.org))]
    for condition in where.conditions:
        if isinstance(condition, Since):
            must.append(edge.FieldCondition(MOMENT, range=edge.RangeFloat(gte=condition.seconds)))
        elif condition.key in WORDS:
            must.append(edge.FieldCondition(condition.key, match=edge.MatchTextAny(" ".join(condition.values))))
        else:
            must.append(edge.FieldCondition(condition.key, match=edge.MatchAny(list(condition.values))))
    if where.ids is not None:
        must.append(edge.HasIdCondition(set(where.ids)))
    return edge.Filter(must=list(must))


def _packed(payload: Mapping[str, Any]) -> dict[str, Any]:
    """A payload as the engine stores it."""
    fields = {key: value for key, value in payload.items() if key in FIELDS}
    rest = {key: value for key, value in payload.items() if key not in FIELDS}
    return {**fields, REST: json.dumps(rest)}


def _unpacked(stored: Mapping[str, Any]) -> dict[str, Any]:
    """The payload of what the engine has stored, as far as it was asked for."""
    fields = {key: value for key, value in stored.items() if key != REST}
    return {**fields, **json.loads(stored.get(REST, "{}"))}
