"""Hybrid retrieval: codes first, then meaning and words, their ranks fused.

A code in the query (12-TIC-101, WO251226-1101) is looked up exactly: what is called so comes first, what mentions it next.
Everything else is found by the embedder and by BM25; their two rankings are fused by weighted reciprocal ranks (Cormack et al.
2009), which need no common scale.
"""

from __future__ import annotations

import re
from collections.abc import Sequence, Set
from dataclasses import dataclass, replace
from typing import Any

from qdrant_edge import SparseVector

from semantic import lexical
from semantic.embedders import Embedder
from semantic.store import STANDING, AnyOf, Condition, Scored, Search, TenantStore, VectorName
from semantic.wording import CODE, codes_in, in_words

CANDIDATES, RANKED = 200, 50  # of each ranking: asked for, and kept when echoes have been put behind
RANK_OFFSET = 2  # k of the reciprocal ranks
# Tuned on the labelled queries of `medium` (docs/search.md); n-grams repeat what BM25 knows, a language model does not.
DENSE_WEIGHT = {"ngrams": 1.25}
USUAL_DENSE_WEIGHT = 2.5
# By how much an echo (documents.py) must be nearer than what stands first: in cosine, and as a share of its BM25.
ECHO_MARGIN, ECHO_SHARE = 0.16, 0.5
OF_ALARMS = re.compile(r"(?i)\b(?:alarms?|high high|low low)\b")
CALLED, MENTIONED = 2.0, 1.0  # added to the score


@dataclass(frozen=True)
class Why:
    """Why a document was found: its rank among meanings and among words, from 1; and whether a code led to it."""

    dense: int | None = None
    sparse: int | None = None
    code: str | None = None  # "is" or "mentions"


@dataclass(frozen=True)
class Hit:
    """A document found. `payload` has what is shown and the keys that join to the marts."""

    id: str
    score: float
    why: Why
    payload: dict[str, Any]


def search(
    store: TenantStore,
    embedder: Embedder,
    text: str,
    conditions: Sequence[Condition] = (),
    limit: int = 10,
    halves: Sequence[str] = ("dense", "sparse", "code"),
) -> list[Hit]:
    """The best documents for a query, best first. `halves` switches parts off, for the evaluation."""
    codes = tuple(codes_in(text)) if "code" in halves else ()
    spoken = in_words(text)
    # Alarms echo their tags, unless the query speaks of alarms.
    leading = AnyOf(STANDING, ("first", "alarm") if OF_ALARMS.search(spoken) else ("first",))
    searches = _searches(embedder, text, spoken, halves)
    weights: dict[VectorName, float] = {"dense": DENSE_WEIGHT.get(embedder.name, USUAL_DENSE_WEIGHT), "sparse": 1.0}
    found = _fused(store, searches, weights, leading, conditions)
    if codes:
        # Words beside the code decide among all that has to do with it; without any, the thing itself is meant.
        called = MENTIONED if CODE.sub(" ", text).strip(" ,.;:?!") else CALLED
        for key, bonus, code in (("codes", MENTIONED, "mentions"), ("is_called", called, "is")):
            named = _fused(store, searches, weights, leading, [*conditions, AnyOf(key, codes)])
            found |= {each: (score + bonus, replace(why, code=code)) for each, (score, why) in named.items()}
    best = sorted(found.items(), key=lambda item: (-item[1][0], item[0]))[:limit]
    payloads = store.retrieve([each for each, _ in best])
    return [Hit(each, score, why, payloads[each]) for each, (score, why) in best if each in payloads]


def similar(store: TenantStore, document: str, conditions: Sequence[Condition] = (), limit: int = 10) -> list[Hit]:
    """The documents whose meaning is nearest to that of one that is stored."""
    found = store.recommend([store.id_of(document)], limit, conditions)
    payloads = store.retrieve([scored.id for scored in found])
    return [Hit(each.id, each.score, Why(dense=rank), payloads[each.id]) for rank, each in enumerate(found, start=1)]


def _searches(embedder: Embedder, text: str, spoken: str, halves: Sequence[str]) -> list[Search]:
    """What is asked of the store, for each half."""
    vectors: dict[VectorName, list[float] | SparseVector] = {}
    if "dense" in halves:
        vectors["dense"] = embedder.embed([spoken])[0].tolist()
    if "sparse" in halves:
        vectors["sparse"] = lexical.of_query(" ".join((text, spoken, *codes_in(text))))
    return [Search(half, vector, CANDIDATES) for half, vector in vectors.items()]


def _fused(
    store: TenantStore,
    searches: Sequence[Search],
    weights: dict[VectorName, float],
    leading: AnyOf,
    conditions: Sequence[Condition],
) -> dict[str, tuple[float, Why]]:
    """Score and reason of every candidate: the fused ranks of the halves."""
    found = store.search(searches, conditions)
    no_echoes = store.among(list({each.id for candidates in found for each in candidates}), [leading])
    ranks: dict[str, dict[VectorName, int]] = {}
    for search, candidates in zip(searches, found, strict=True):
        for rank, each in enumerate(_in_order(search.using, candidates, no_echoes), start=1):
            ranks.setdefault(each, {})[search.using] = rank
    return {
        each: (sum(weights[half] / (RANK_OFFSET + rank) for half, rank in of.items()), Why(of.get("dense"), of.get("sparse")))
        for each, of in ranks.items()
    }


def _in_order(half: VectorName, candidates: Sequence[Scored], no_echoes: Set[str]) -> list[str]:
    """The candidates, echoes behind what is about as near; equal scores by id: each engine has an order of its own."""
    scores = ((each, score if each in no_echoes else _handicapped(half, score)) for each, score in candidates)
    return [each for _, each in sorted((-round(score, 5), each) for each, score in scores)][:RANKED]


def _handicapped(half: VectorName, score: float) -> float:
    return score - ECHO_MARGIN if half == "dense" else score * ECHO_SHARE
