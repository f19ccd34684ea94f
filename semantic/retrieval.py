"""Hybrid retrieval: codes first, then meaning and words, their ranks fused.

A code in the query (12-TIC-101, WO251226-1101) is looked up exactly: what is called so comes first, what mentions it next.
Everything else is found by the embedder and by BM25; their two rankings are fused by weighted reciprocal ranks (Cormack et al.
2009), which need no common scale.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

from semantic import lexical
from semantic.embedders import Embedder
from semantic.store import AnyOf, Condition, Scored, Search, Sparse, TenantStore, VectorName
from semantic.wording import CODE, codes_in, in_words

CANDIDATES = 50  # of each ranking
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


def _searches(embedder: Embedder, text: str, halves: Sequence[str]) -> dict[str, list[Search]]:
    """What is asked of the store, for each half: the query among what stands first, and among echoes.

    Alarms echo their tags, unless the query speaks of alarms.
    """
    spoken = in_words(text)
    standings = (("first", "alarm"), ("echo",)) if OF_ALARMS.search(spoken) else (("first",), ("alarm", "echo"))
    vectors: dict[VectorName, Sequence[float] | Sparse] = {}
    if "dense" in halves:
        vectors["dense"] = embedder.embed([spoken])[0].tolist()
    if "sparse" in halves:
        vectors["sparse"] = lexical.of_query(" ".join((text, spoken, *codes_in(text))))
    return {
        half: [Search(half, vector, CANDIDATES, (AnyOf("standing", standing),)) for standing in standings]
        for half, vector in vectors.items()
    }


def _fused(
    store: TenantStore, searches: dict[str, list[Search]], weights: dict[str, float], conditions: Sequence[Condition]
) -> dict[str, tuple[float, Why]]:
    """Score and reason of every candidate: the fused ranks of the halves."""
    answers = iter(store.search([search for both in searches.values() for search in both], conditions))
    found: dict[str, tuple[float, Why]] = {}
    for half in searches:
        for rank, each in enumerate(_in_order(half, next(answers), next(answers)), start=1):
            score, why = found.get(each, (0.0, Why()))
            found[each] = (score + weights[half] / (RANK_OFFSET + rank), _ranked(why, half, rank))
    return found


def _in_order(half: str, first: Sequence[Scored], echoes: Sequence[Scored]) -> list[str]:
    """The best candidates, equal scores in order of ids: engines order them each in their own way."""
    handicapped = [(each.id, each.score - ECHO_MARGIN if half == "dense" else each.score * ECHO_SHARE) for each in echoes]
    scored = [(each.id, each.score) for each in first] + handicapped
    return [each for each, score in sorted(scored, key=lambda pair: (-round(pair[1], 5), pair[0]))][:CANDIDATES]


def _ranked(why: Why, half: str, rank: int) -> Why:
    return replace(why, dense=rank) if half == "dense" else replace(why, sparse=rank)
