"""The engine for a Qdrant server: the same points in a collection of QDRANT_URL. `:memory:` is the client's own stand-in."""

from __future__ import annotations

import os
import warnings
from collections.abc import Iterator, Sequence
from typing import Any

import numpy as np
from qdrant_client import QdrantClient, models
from qdrant_client.http.exceptions import ResponseHandlingException, UnexpectedResponse
from qdrant_edge import SparseVector

from semantic.errors import SemanticError
from semantic.store import KEYWORDS, LAYOUT, MOMENT, ORG, WORDS, Scored, Search, Since, Stored, Where

COLLECTION = "saltworks"
ROWS_AT_ONCE = 1000
MEMORY = ":memory:"
RESCORED = models.SearchParams(quantization=models.QuantizationSearchParams(rescore=True))
ERRORS = (ResponseHandlingException, UnexpectedResponse)


def connect(url: str) -> QdrantClient:
    """A client of the server, with QDRANT_API_KEY. Raises SemanticError when nobody answers."""
    if url == MEMORY:
        warnings.filterwarnings("ignore", message="Local mode performs exact")  # and so has no use for search parameters
        return QdrantClient(MEMORY)
    try:
        with warnings.catch_warnings():  # of a key without TLS: the server of docker-compose.yml answers this machine alone
            warnings.simplefilter("ignore")
            client = QdrantClient(
                url=url, api_key=os.environ.get("QDRANT_API_KEY") or None, timeout=60, check_compatibility=False
            )
        client.get_collections()
    except (*ERRORS, ValueError) as error:
        raise SemanticError(
            f"no Qdrant server answers at {url} ({error}): start it with `docker compose up --wait`, or unset QDRANT_URL"
        ) from error
    return client


class ServerEngine:
    """The points of all organizations in a collection of a server."""

    def __init__(self, client: QdrantClient, embedder: str, dimension: int, *, writes: bool) -> None:
        """Open the collection, or with `writes` make it. Raises SemanticError when there is none to read."""
        self._client = client
        if client.collection_exists(COLLECTION):
            return
        if not writes:
            raise SemanticError(f"there is no collection {COLLECTION} on the server: run `python semantic/run.py index`")
        client.create_collection(
            COLLECTION,
            vectors_config={"dense": models.VectorParams(size=dimension, distance=models.Distance.COSINE)},
            sparse_vectors_config={"sparse": models.SparseVectorParams(modifier=models.Modifier.IDF)},
            hnsw_config=models.HnswConfigDiff(m=0, payload_m=16, ef_construct=64, full_scan_threshold=40_000),
            quantization_config=models.ScalarQuantization(
                scalar=models.ScalarQuantizationConfig(type=models.ScalarType.INT8, always_ram=True)
            ),
            metadata={"embedder": embedder, "dimension": dimension, "layout": LAYOUT},
        )
        with warnings.catch_warnings():  # the stand-in says that it has no indexes
            warnings.simplefilter("ignore")
            tenant = models.KeywordIndexParams(type=models.KeywordIndexType.KEYWORD, is_tenant=True)
            client.create_payload_index(COLLECTION, ORG, tenant)
            for key in KEYWORDS:
                keyword = models.KeywordIndexParams(type=models.KeywordIndexType.KEYWORD, enable_hnsw=False)
                client.create_payload_index(COLLECTION, key, keyword)
            for key in WORDS:
                words = models.TextIndexParams(
                    type=models.TextIndexType.TEXT, tokenizer=models.TokenizerType.WHITESPACE, enable_hnsw=False
                )
                client.create_payload_index(COLLECTION, key, words)
            moment = models.FloatIndexParams(type=models.FloatIndexType.FLOAT, enable_hnsw=False)
            client.create_payload_index(COLLECTION, MOMENT, moment)

    def search(self, searches: Sequence[Search], where: Where) -> list[list[Scored]]:
        """The nearest points of each search, in one request."""
        own = models.SearchParams(idf=models.IdfCorpusParams(corpus=_filter(Where(where.org_id))))
        requests = [
            models.QueryRequest(
                query=_vector(search.vector),
                using=search.using,
                limit=search.limit,
                filter=_filter(where),
                with_payload=False,
                params=own if search.using == "sparse" else RESCORED,
            )
            for search in searches
        ]
        found = self._client.query_batch_points(COLLECTION, requests)
        return [[Scored(str(point.id), point.score) for point in response.points] for response in found]

    def scroll(self, where: Where, payload: Sequence[str] | bool, vectors: bool = False) -> Iterator[Stored]:
        """All points, page by page in order of their ids."""
        if where.ids == ():
            return
        start: Any = None
        while True:
            records, start = self._client.scroll(
                COLLECTION,
                scroll_filter=_filter(where),
                limit=ROWS_AT_ONCE,
                offset=start,
                with_payload=payload if isinstance(payload, bool) else list(payload),
                with_vectors=["dense"] if vectors else False,
            )
            for record in records:
                dense: Any = record.vector["dense"] if vectors and isinstance(record.vector, dict) else ()
                yield Stored(str(record.id), record.payload or {}, np.asarray(dense, dtype=np.float32))
            if start is None:
                return

    def upsert(self, points: Sequence[Stored], where: Where) -> None:
        """Write points; the server replaces only what lies within `where`."""
        written = [
            models.PointStruct(
                id=point.id,
                vector={"dense": point.dense.tolist(), "sparse": _sparse(point.sparse)},
                payload=point.payload,
            )
            for point in points
        ]
        self._client.upsert(COLLECTION, written, update_filter=_filter(where))

    def flush(self) -> None:
        """Nothing: the server answers when it has written."""

    def delete(self, where: Where) -> None:
        """Remove points by filter, never by bare ids."""
        self._client.delete(COLLECTION, models.FilterSelector(filter=_filter(where)))

    def count(self, where: Where) -> int:
        """How many points there are, exactly."""
        return self._client.count(COLLECTION, count_filter=_filter(where), exact=True).count

    def tenants(self) -> list[int]:
        """The organizations that have points."""
        hits = self._client.facet(COLLECTION, ORG, limit=100_000, exact=True).hits
        return sorted(int(hit.value) for hit in hits if hit.count)

    def settle(self) -> None:
        """Nothing: the server does so by itself."""

    def purge(self) -> None:
        """Nothing: the server does so by itself."""

    def close(self) -> None:
        """End the connection."""
        self._client.close()


def recorded(client: QdrantClient) -> dict[str, object] | None:
    """Embedder and dimension of the collection; None when there is none."""
    if not client.collection_exists(COLLECTION):
        return None
    return dict(client.get_collection(COLLECTION).config.metadata or {})


def remove(client: QdrantClient) -> None:
    """Remove the collection."""
    client.delete_collection(COLLECTION)


def _filter(where: Where) -> models.Filter:
    """The one place where a `Where` becomes the server's filter: the tenant first, everything else ANDed."""
    must: list[models.Condition] = [models.FieldCondition(key=ORG, match=models.MatchValue(value=where.org))]
    for condition in where.conditions:
        if isinstance(condition, Since):
            must.append(models.FieldCondition(key=MOMENT, range=models.Range(gte=condition.seconds)))
        elif condition.key in WORDS:
            words = models.MatchTextAny(text_any=" ".join(condition.values))
            must.append(models.FieldCondition(key=condition.key, match=words))
        else:
            must.append(models.FieldCondition(key=condition.key, match=models.MatchAny(any=list(condition.values))))
    if where.ids is not None:
        must.append(models.HasIdCondition(has_id=list(where.ids)))
    return models.Filter(must=must)


def _vector(vector: list[float] | SparseVector) -> models.SparseVector | list[float]:
    return _sparse(vector) if isinstance(vector, SparseVector) else vector


def _sparse(vector: SparseVector) -> models.SparseVector:
    return models.SparseVector(indices=vector.indices, values=vector.values)
