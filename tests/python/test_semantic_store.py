"""What every engine does alike: the contract of the store."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
import qdrant_edge as edge

from semantic import embedded, lexical, server
from semantic.embedded import EmbeddedEngine
from semantic.errors import SemanticError
from semantic.store import AnyOf, Engine, Search, Since, TenantStore
from tests.python.semantic_store import DIMENSION, point, vector


@pytest.fixture
def store(engine: Engine) -> TenantStore:
    store = TenantStore(engine, 3)
    store.upsert(
        [
            point("tag:1", "temperature of the reactor", unit_code="11", is_called="11TI101", codes="11TI101 TI101"),
            point("tag:2", "temperature of the cooling water", unit_code="12"),
            point("log_entry:1", "valve sticks again", kind="log_entry", codes="11R101 11TI101", at=1_000.5),
            point("log_entry:2", "quiet shift", kind="log_entry", at=2_000.0),
        ]
    )
    return store


def names(store: TenantStore, text: str, *conditions: AnyOf | Since) -> list[str]:
    (found,) = store.search([Search("dense", vector(text), 10)], conditions)
    payloads = store.retrieve([scored.id for scored in found])
    return [payloads[scored.id]["document"] for scored in found]


def test_the_nearest_come_first_by_meaning_and_by_words(store: TenantStore) -> None:
    dense, sparse = store.search(
        [Search("dense", vector("reactor temperature"), 2), Search("sparse", lexical.of_query("sticking valves"), 10)]
    )
    assert dense[0].id == store.id_of("tag:1")
    assert dense[0].score >= dense[1].score
    assert [scored.id for scored in sparse] == [store.id_of("log_entry:1")]


def test_conditions_are_all_asked_for(store: TenantStore) -> None:
    assert set(names(store, "temperature", AnyOf("kind", ("tag",)))) == {"tag:1", "tag:2"}
    assert names(store, "temperature", AnyOf("kind", ("tag",)), AnyOf("unit_code", ("12", "13"))) == ["tag:2"]
    assert set(names(store, "x", AnyOf("codes", ("11TI101",)))) == {"tag:1", "log_entry:1"}
    assert names(store, "x", AnyOf("is_called", ("11TI101",))) == ["tag:1"]
    assert set(names(store, "x", Since(1_000.5))) == {"log_entry:1", "log_entry:2"}
    assert names(store, "x", Since(1_001.0)) == ["log_entry:2"]
    assert names(store, "x", AnyOf("kind", ("tag",)), Since(0.0)) == []


def test_some_of_what_was_found_meets_a_condition(store: TenantStore) -> None:
    store.upsert([point("tag:3", "set point", standing="echo")])
    ids = [store.id_of(document) for document in ("tag:1", "tag:3", "log_entry:1", "tag:99")]
    assert store.among(ids, [AnyOf("standing", ("echo", "alarm"))]) == {store.id_of("tag:3")}
    assert store.among(ids, [AnyOf("standing", ("first",)), AnyOf("kind", ("tag",))]) == {store.id_of("tag:1")}
    assert store.among([], []) == set()


def test_a_document_written_again_is_replaced(store: TenantStore) -> None:
    store.upsert([point("tag:1", "level of the tank")])
    assert store.count() == 4
    assert store.hashes()["tag:1"] == "level of the tank"
    assert names(store, "tank level")[0] == "tag:1"


def test_what_is_deleted_is_gone(store: TenantStore) -> None:
    store.delete(["tag:1", "tag:99"])
    assert store.hashes().keys() == {"tag:2", "log_entry:1", "log_entry:2"}
    assert store.retrieve([store.id_of("tag:1")]) == {}
    store.delete([])
    assert store.count() == 3


def test_what_is_like_a_document_is_not_the_document(store: TenantStore) -> None:
    assert store.recommend([store.id_of("tag:1")], 1)[0].id == store.id_of("tag:2")


def test_pages_of_a_long_list_join(engine: Engine) -> None:
    store = TenantStore(engine, 4)
    documents = [f"tag:{number}" for number in range(embedded.ROWS_AT_ONCE * 2 + 1)]
    store.upsert([point(document, "the same") for document in documents])
    assert store.hashes().keys() == set(documents)
    assert engine.tenants() == [4]


def test_the_idf_is_that_of_the_organization(engine: Engine) -> None:
    """A word that all of one's documents have tells nothing, however rare it is elsewhere."""
    store = TenantStore(engine, 5)
    store.upsert([point(f"tag:{number}", f"steam {word}") for number, word in enumerate(("pressure", "flow", "flow"))])
    (found,) = store.search([Search("sparse", lexical.of_query("steam pressure"), 10)])
    assert found[0].id == store.id_of("tag:0")
    assert found[0].score > 3 * found[1].score


def test_scores_are_those_of_the_vectors_and_not_of_their_copy_in_bytes(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    everything = edge.EdgeOptimizersConfig(indexing_threshold=1)  # in KB; a small index is otherwise left as it was written
    whole = embedded._configuration
    monkeypatch.setattr(embedded, "_configuration", lambda dimension: whole(dimension, everything))
    engine = EmbeddedEngine(tmp_path, "ngrams", 64, writes=True)
    vectors = np.random.default_rng(5).normal(size=(500, 64)).astype(np.float32)
    vectors /= np.linalg.norm(vectors, axis=1, keepdims=True)
    store = TenantStore(engine, 1)
    store.upsert([replace(point(f"tag:{row}", "steam"), dense=vector) for row, vector in enumerate(vectors)])
    engine.settle()
    query = vectors[0] + vectors[1]
    (found,) = store.search([Search("dense", query.tolist(), 20)])
    cosines = np.sort(vectors @ query / np.linalg.norm(query))[::-1]
    assert np.allclose([scored.score for scored in found[:10]], cosines[:10], atol=1e-5)
    monkeypatch.setattr(embedded, "RESCORED", None)
    (rough,) = store.search([Search("dense", query.tolist(), 20)])
    assert not np.allclose([scored.score for scored in rough[:10]], cosines[:10], atol=1e-5)
    engine.close()


def test_only_organizations_have_graphs(tmp_path: Path) -> None:
    """A graph over all documents of a kind or a time takes minutes to build, and no search asks for one."""
    engine = EmbeddedEngine(tmp_path, "ngrams", DIMENSION, writes=True)
    schema = engine._shard.info().payload_schema
    with_graphs = [key for key, index in schema.items() if index.params is None or index.params.enable_hnsw is not False]
    assert with_graphs == ["org"]
    assert schema.keys() == {"org", "kind", "unit_code", "standing", "is_called", "codes", "at"}
    engine.close()


def test_one_process_at_a_time_opens_a_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(embedded, "WAIT_SECONDS", 0.1)
    first = EmbeddedEngine(tmp_path, "ngrams", DIMENSION, writes=True)
    with pytest.raises(SemanticError, match="in use by another command"):
        EmbeddedEngine(tmp_path, "ngrams", DIMENSION, writes=True)
    TenantStore(first, 1).upsert([point("tag:1", "kept")])
    first.close()
    again = EmbeddedEngine(tmp_path, "ngrams", DIMENSION, writes=False)
    assert TenantStore(again, 1).hashes() == {"tag:1": "kept"}
    again.close()


def test_a_folder_without_an_index_is_said_to_have_none(tmp_path: Path) -> None:
    with pytest.raises(SemanticError, match=r"no index in .* run `python semantic/run.py index`"):
        EmbeddedEngine(tmp_path, "ngrams", DIMENSION, writes=False)


def test_a_damaged_index_is_one_message(tmp_path: Path) -> None:
    EmbeddedEngine(tmp_path, "ngrams", DIMENSION, writes=True).close()
    for path in (tmp_path / embedded.POINTS).rglob("*"):
        if path.is_file():
            path.write_bytes(b"")
    with pytest.raises(SemanticError, match="--rebuild"):
        EmbeddedEngine(tmp_path, "ngrams", DIMENSION, writes=True)
    (tmp_path / embedded.DESCRIPTION).write_text("{")
    with pytest.raises(SemanticError, match=r"damaged .* --rebuild"):
        embedded.recorded(tmp_path)


def test_a_server_that_does_not_answer_is_one_message() -> None:
    with pytest.raises(SemanticError, match=r"no Qdrant server answers at .*docker compose up"):
        server.connect("http://127.0.0.1:1")


def test_erasing_leaves_no_text_in_the_files(tmp_path: Path) -> None:
    """After an organization has left, its words are not in the folder any more."""
    engine = EmbeddedEngine(tmp_path, "ngrams", DIMENSION, writes=True)
    TenantStore(engine, 1).upsert([point(f"tag:{number}", "ours") for number in range(50)])
    TenantStore(engine, 2).upsert([point(f"tag:{number}", "theirs: quetzalcoatl") for number in range(50)])
    engine.settle()
    assert any(b"quetzalcoatl" in path.read_bytes() for path in tmp_path.rglob("*") if path.is_file())
    TenantStore(engine, 2).erase()
    engine.purge()
    assert TenantStore(engine, 1).count() == 50
    engine.close()
    assert not [path for path in tmp_path.rglob("*") if path.is_file() and b"quetzalcoatl" in path.read_bytes()]
