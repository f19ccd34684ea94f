"""Hybrid retrieval: codes first, then meaning and words, their ranks fused.

A code in the query (12-TIC-101, WO251226-1101) is looked up exactly: what is called so comes first, what mentions it next.
Everything else is found by the embedder and by BM25; their two rankings are fused by weighted reciprocal ranks (Cormack et al.
2009), which need no common scale.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

from semantic import lexical
from semantic.embedders import Embedder
from semantic.store import AnyOf, Condition, Scored, Search, TenantStore
from semantic.wording import CODE, codes_in, in_words

CANDIDATES = 50  # of each ranking
RANK_OFFSET = 2  # k of the reciprocal ranks
# Tuned on the labelled queries of `medium` (docs/search.md); n-grams repeat what BM25 knows, a language model does not.
DENSE_WEIGHT = {"ngrams": 0.5}
USUAL_DENSE_WEIGHT = 1.5
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
    searches = _searches(embedder, text, halves)
    weights = {"dense": DENSE_WEIGHT.get(embedder.name, USUAL_DENSE_WEIGHT), "sparse": 1.0}
    found = _fused(store, searches, weights, conditions)
    if codes:
        # Words beside the code decide among all that has to do with it; without any, the thing itself is meant.
        called = MENTIONED if CODE.sub(" ", text).strip(" ,.;:?!") else CALLED
        for key, bonus, code in (("codes", MENTIONED, "mentions"), ("is_called", called, "is")):
            named = _fused(store, searches, weights, [*conditions, AnyOf(key, codes)])
            found |= {each: (score + bonus, replace(why, code=code)) for each, (score, why) in named.items()}
    best = sorted(found.items(), key=lambda item: (-item[1][0], item[0]))[:limit]
    payloads = store.retrieve([each for each, _ in best])
    return [Hit(each, score, why, payloads[each]) for each, (score, why) in best if each in payloads]


def similar(store: TenantStore, document: str, conditions: Sequence[Condition] = (), limit: int = 10) -> list[Hit]:
    """The documents whose meaning is nearest to that of one that is stored."""
    found = store.recommend([store.id_of(document)], limit, conditions)
    payloads = store.retrieve([scored.id for scored in found])
    return [Hit(each.id, each.score, Why(dense=rank), payloads[each.id]) for rank, each in enumerate(found, start=1)]


def _searches(embedder: Embedder, text: str, halves: Sequence[str]) -> dict[str, Search]:
    """What is asked of the store: the query as a meaning, and as words."""
    spoken = in_words(text)
    searches = {}
    if "dense" in halves:
        searches["dense"] = Search("dense", embedder.embed([spoken])[0].tolist(), CANDIDATES)
    if "sparse" in halves:
        searches["sparse"] = Search("sparse", lexical.of_query(" ".join((text, spoken, *codes_in(text)))), CANDIDATES)
    return searches


def _fused(
    store: TenantStore, searches: dict[str, Search], weights: dict[str, float], conditions: Sequence[Condition]
) -> dict[str, tuple[float, Why]]:
    """Score and reason of every candidate: the fused ranks of the halves."""
    found: dict[str, tuple[float, Why]] = {}
    for half, scored in zip(searches, store.search(list(searches.values()), conditions), strict=True):
        for rank, each in enumerate(_in_order(scored), start=1):
            score, why = found.get(each.id, (0.0, Why()))
            found[each.id] = (score + weights[half] / (RANK_OFFSET + rank), _ranked(why, half, rank))
    return found


def _ranked(why: Why, half: str, rank: int) -> Why:
    return replace(why, dense=rank) if half == "dense" else replace(why, sparse=rank)


def _in_order(scored: Sequence[Scored]) -> list[Scored]:
    """Best first, equal scores in order of ids: engines order them each in their own way."""
    return sorted(scored, key=lambda each: (-round(each.score, 5), each.id))
