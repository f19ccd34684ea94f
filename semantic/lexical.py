"""The lexical half: BM25 as a sparse vector. The engine multiplies by the IDF of the organization's own documents."""

from __future__ import annotations

from qdrant_edge import Bm25, Bm25Config

from semantic.store import Sparse

AVERAGE_TOKENS = 45.0  # of the documents of `medium`: a constant, so that no document's weights depend on another's

_MODEL = Bm25(Bm25Config(avg_len=AVERAGE_TOKENS, language="english"))


def of_document(text: str) -> Sparse:
    """The weights of a document's terms: their saturated frequency."""
    found = _MODEL.embed_document(text)
    return Sparse(found.indices, found.values)


def of_query(text: str) -> Sparse:
    """The terms of a query, each once."""
    found = _MODEL.embed_query(text)
    return Sparse(found.indices, found.values)
