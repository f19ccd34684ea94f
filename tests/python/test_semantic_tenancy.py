"""Every way to another organization's documents ends in nothing, on every engine.

Each attack runs twice: as it is, and on an engine whose filter forgets the tenant, where it must succeed; so each can fail.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import qdrant_edge
from qdrant_client import models

from semantic import embedded, lexical, server
from semantic.errors import TenancyError
from semantic.store import AnyOf, Engine, Search, Since, Stored, TenantStore, Where
from tests.python.semantic_store import Attack, open_engine, point, vector

OURS, THEIRS = 1, 2
TEXT = "pressure of the steam before the valve"
GUARDED = ("embedded", "server in memory")


def stores(engine: Engine) -> tuple[TenantStore, TenantStore]:
    """Our store with one document, theirs with one like it and one of another kind."""
    ours, theirs = TenantStore(engine, OURS), TenantStore(engine, THEIRS)
    ours.upsert([point("tag:1", TEXT)])
    theirs.upsert([point("tag:1", TEXT, unit_code="66"), point("tag:2", TEXT + " of theirs", kind="work_order", at=9.0)])
    return ours, theirs


def searches(limit: int = 50) -> list[Search]:
    return [Search("dense", vector(TEXT), limit), Search("sparse", lexical.of_query(TEXT), limit)]


def found(store: TenantStore, *conditions: AnyOf | Since) -> set[str]:
    return {scored.id for half in store.search(searches(), conditions) for scored in half}


def searching_without_a_filter(engine: Engine) -> None:
    ours, _ = stores(engine)
    assert found(ours) == {ours.id_of("tag:1")}


def narrowing_by_nothing(engine: Engine) -> None:
    ours, theirs = stores(engine)
    assert not found(ours, AnyOf("kind", ())) & {theirs.id_of("tag:1"), theirs.id_of("tag:2")}


def narrowing_to_what_only_they_have(engine: Engine) -> None:
    ours, _ = stores(engine)
    assert found(ours, AnyOf("unit_code", ("66",))) == set()
    assert found(ours, AnyOf("kind", ("tag", "work_order"))) == {ours.id_of("tag:1")}
    assert found(ours, Since(0.0)) == set()


def retrieving_their_ids(engine: Engine) -> None:
    ours, theirs = stores(engine)
    assert ours.retrieve([theirs.id_of("tag:1"), theirs.id_of("tag:2"), ours.id_of("tag:1")]).keys() == {ours.id_of("tag:1")}


def asking_which_of_their_ids_meet_a_condition(engine: Engine) -> None:
    ours, theirs = stores(engine)
    ids = [theirs.id_of("tag:1"), theirs.id_of("tag:2"), ours.id_of("tag:1")]
    assert ours.among(ids, [AnyOf("standing", ("first",))]) == {ours.id_of("tag:1")}


def listing_everything(engine: Engine) -> None:
    ours, _ = stores(engine)
    assert ours.hashes() == {"tag:1": TEXT}
    assert ours.count() == 1


def recommending_by_their_ids(engine: Engine) -> None:
    ours, theirs = stores(engine)
    for ids in ([theirs.id_of("tag:2")], [ours.id_of("tag:1"), theirs.id_of("tag:2")]):
        with pytest.raises(TenancyError, match="no such document"):
            ours.recommend(ids, 10)


def recommending_by_ours(engine: Engine) -> None:
    ours, _ = stores(engine)
    assert ours.recommend([ours.id_of("tag:1")], 10) == []


def deleting_their_ids(engine: Engine) -> None:
    ours, theirs = stores(engine)
    ours.delete_ids([theirs.id_of("tag:1"), theirs.id_of("tag:2")])
    assert theirs.count() == 2


def deleting_by_name_what_both_have(engine: Engine) -> None:
    ours, theirs = stores(engine)
    ours.delete(["tag:1", "tag:2"])
    assert (ours.count(), theirs.count()) == (0, 2)


def writing_to_their_ids(engine: Engine) -> None:
    """Below the store, since it makes ids itself: the engine replaces nothing outside of `where`."""
    _, theirs = stores(engine)
    taken = Stored(
        theirs.id_of("tag:1"),
        {"org": str(THEIRS), "document": "tag:1", "hash": ""},
        np.asarray(vector("mine now")),
        lexical.of_document("mine"),
    )
    engine.upsert([taken], Where(OURS))
    (kept,) = theirs.retrieve([theirs.id_of("tag:1")]).values()
    assert kept["hash"] == TEXT


def moving_the_idf(engine: Engine) -> None:
    """Their documents do not change how rare a word is among ours."""
    ours, theirs = stores(engine)
    ours.upsert([point("tag:3", "level of the tank")])
    before = ours.search([searches()[1]])
    theirs.upsert([point(f"tag:{number}", f"pressure steam {number}") for number in range(10, 60)])
    assert ours.search([searches()[1]]) == before


def leaving(engine: Engine) -> None:
    """After they are erased nothing of theirs is left, and everything of ours."""
    ours, theirs = stores(engine)
    theirs.erase()
    assert (ours.count(), theirs.count()) == (1, 0)
    assert engine.tenants() == [OURS]


ATTACKS: list[Attack] = [
    searching_without_a_filter,
    narrowing_by_nothing,
    narrowing_to_what_only_they_have,
    retrieving_their_ids,
    asking_which_of_their_ids_meet_a_condition,
    listing_everything,
    recommending_by_their_ids,
    recommending_by_ours,
    deleting_their_ids,
    deleting_by_name_what_both_have,
    writing_to_their_ids,
    moving_the_idf,
    leaving,
]
# Ids are apart by construction, so these hold even when the filter forgets the tenant.
HOLD_BY_THE_IDS: list[Attack] = [narrowing_by_nothing, deleting_by_name_what_both_have]


@pytest.mark.parametrize("attack", ATTACKS, ids=lambda attack: attack.__name__)
def test_an_attack_fails_closed(attack: Attack, engine: Engine) -> None:
    attack(engine)


@pytest.fixture(params=GUARDED)
def careless(request: pytest.FixtureRequest, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Engine:
    """An engine whose filter forgets the tenant and keeps everything else."""
    module = embedded if request.param == "embedded" else server
    whole = module._filter

    def forgetful(where: Where) -> Any:
        made = whole(where)
        rest = list(made.must or [])[1:]
        return qdrant_edge.Filter(must=rest) if module is embedded else models.Filter(must=rest)

    monkeypatch.setattr(module, "_filter", forgetful)
    opened = open_engine(request.param, tmp_path)
    request.addfinalizer(lambda: opened.__exit__(None, None, None))
    return opened.__enter__()


@pytest.mark.parametrize(
    "attack", [each for each in ATTACKS if each not in HOLD_BY_THE_IDS], ids=lambda attack: attack.__name__
)
def test_an_attack_would_succeed_without_the_tenant_in_the_filter(attack: Attack, careless: Engine) -> None:
    with pytest.raises((AssertionError, pytest.fail.Exception)):
        attack(careless)


def test_two_organizations_never_share_an_id(engine: Engine, monkeypatch: pytest.MonkeyPatch) -> None:
    ours, theirs = stores(engine)
    assert ours.id_of("tag:1") != theirs.id_of("tag:1")
    monkeypatch.setattr(theirs, "_namespace", ours._namespace)  # a store that left the organization out of its ids
    with pytest.raises(AssertionError):
        assert ours.id_of("tag:1") != theirs.id_of("tag:1")


@pytest.mark.parametrize("org_id", [None, 0, -1, "1", "*", "1 or 1=1", True, 1.0, [1, 2], (1,), {"any": [1, 2]}])
def test_there_is_no_store_and_no_call_without_one_organization(org_id: Any, engine: Engine) -> None:
    with pytest.raises(TenancyError, match="whole number"):
        TenantStore(engine, org_id)
    with pytest.raises(TenancyError, match="whole number"):
        Where(org_id)


def test_every_call_of_an_engine_wants_a_where(engine: Engine) -> None:
    calls: list[Callable[[], object]] = [
        lambda: engine.search(searches()),  # type: ignore[call-arg]
        lambda: list(engine.scroll()),  # type: ignore[call-arg]
        lambda: engine.upsert([]),  # type: ignore[call-arg]
        lambda: engine.delete(),  # type: ignore[call-arg]
        lambda: engine.count(),  # type: ignore[call-arg]
        lambda: engine.search(searches(), None),  # type: ignore[arg-type]
        lambda: engine.delete(None),  # type: ignore[arg-type]
        lambda: engine.count(None),  # type: ignore[arg-type]
    ]
    for call in calls:
        with pytest.raises((TypeError, AttributeError)):
            call()


@dataclass(frozen=True)
class AnythingGoes:
    """A condition of somebody's own that matches all."""

    key: str = "org"
    values: tuple[str, ...] = ("1", "2")


@pytest.mark.parametrize("condition", [AnythingGoes(), {"should": []}, None, qdrant_edge.Filter(), models.Filter(should=[])])
def test_a_filter_of_ones_own_is_refused(condition: Any, engine: Engine) -> None:
    ours, _ = stores(engine)
    with pytest.raises(TenancyError, match="narrowed by AnyOf and Since"):
        ours.search(searches(), [condition])


@pytest.mark.parametrize("key", ["org", "document", "hash", "org_id", "keys.org_id", ""])
def test_a_condition_cannot_name_the_organization(key: str) -> None:
    with pytest.raises(TenancyError, match="narrowed by kind"):
        AnyOf(key, ("2",))


@pytest.mark.parametrize("extra", ["prefetch", "prefetches", "filter", "should"])
def test_a_search_takes_no_nested_query(extra: str) -> None:
    """Ranks are fused by retrieval, so there is no prefetch that a filter could be missing from."""
    with pytest.raises(TypeError, match=extra):
        Search("dense", [0.0], 10, **{extra: [Search("dense", [0.0], 10)]})


def test_every_request_that_reaches_an_engine_is_filtered_and_has_no_prefetch(
    engine: Engine, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What the engines are asked, as they are asked it: the tenant at the root, and the same for the IDF."""
    ours, _ = stores(engine)
    asked: list[Any] = []
    module: Any = qdrant_edge if isinstance(engine, embedded.EmbeddedEngine) else models
    made = module.QueryRequest

    def asking(**options: Any) -> Any:
        asked.append(options)
        return made(**options)

    monkeypatch.setattr(module, "QueryRequest", asking)
    ours.search(searches(), [AnyOf("kind", ("tag",))])
    assert len(asked) == 2
    for options in asked:
        assert not options.keys() & {"prefetch", "prefetches"}
        assert options["with_payload"] is False
        assert options["filter"].must[0].key == "org"
    assert asked[1]["params"].idf.corpus.must[0].key == "org"


@pytest.mark.parametrize("key", ["org", "document"])
def test_a_payload_cannot_speak_of_an_organization(key: str, engine: Engine) -> None:
    ours, theirs = stores(engine)
    bad = point("tag:8", "bad")
    with pytest.raises(TenancyError, match="store's to set"):
        ours.upsert([point("tag:7", "good"), replace(bad, payload={**bad.payload, key: "2"})])
    assert (ours.count(), theirs.count()) == (1, 2)
