"""The lexical half: BM25 as a sparse vector. The engine multiplies by the IDF of the organization's own documents."""

from __future__ import annotations

from qdrant_edge import Bm25, Bm25Config, SparseVector

AVERAGE_TOKENS = 45.0  # of the documents of `medium`: a constant, so that no document's weights depend on another's

_MODEL = Bm25(Bm25Config(avg_len=AVERAGE_TOKENS, language="english"))


def of_document(text: str) -> SparseVector:
    """The weights of a document's terms: their saturated frequency."""
    return _MODEL.embed_document(text)


def of_query(text: str) -> SparseVector:
    """The terms of a query, each once."""
    return _MODEL.embed_query(text)
