"""The index follows the lake: what is new, changed or gone, a killed run, another embedder, an organization that left."""

from __future__ import annotations

import random
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import UTC
from pathlib import Path

import duckdb
import pytest

from semantic.documents import KINDS, Document, documents_of
from semantic.embedded import EmbeddedEngine
from semantic.embedders import Ngrams, Vectors
from semantic.errors import SemanticError
from semantic.index import open_index
from semantic.indexing import DOCUMENTS_AT_ONCE, Outcome, bring_up_to_date
from semantic.lake import open_lake, organizations
from semantic.readings import readings_around
from semantic.run import main
from semantic.store import TenantStore
from tests.python.warehouse import ROOT, Warehouse


@pytest.fixture(scope="module")
def lake(tiny_lake: Path) -> Iterator[duckdb.DuckDBPyConnection]:
    with open_lake(tiny_lake) as connection:
        yield connection


@pytest.fixture(scope="module")
def documents(lake: duckdb.DuckDBPyConnection) -> list[Document]:
    return list(documents_of(lake, 1))


@pytest.fixture
def store(tmp_path: Path) -> Iterator[TenantStore]:
    engine = EmbeddedEngine(tmp_path / "index", Ngrams.name, Ngrams.dimension, writes=True)
    yield TenantStore(engine, 1)
    engine.close()


def index(store: TenantStore, documents: Sequence[Document]) -> Outcome:
    return bring_up_to_date(store, documents, Ngrams(), lambda done, total: None)


def test_every_row_of_the_lake_is_one_document(lake: duckdb.DuckDBPyConnection, documents: list[Document]) -> None:
    tables = {
        "tag": "asset.tags",
        "equipment": "asset.equipment",
        "log_entry": "logbook.entries",
        "work_order": "cmms.work_orders",
    }
    for kind, table in tables.items():
        (count,) = lake.execute(f"select count(*) from raw_{table} where org_id = 1").fetchone() or (0,)
        assert sum(document.kind == kind for document in documents) == count > 0, kind
    raised = "select count(*) from raw_alarm.events where org_id = 1 and transition = 'ALM'"
    assert sum(document.kind == "alarm_episode" for document in documents) == (lake.execute(raised).fetchone() or (0,))[0]
    watched = "select count(distinct tag_id || condition) from raw_asset.tag_limits where org_id = 1"
    assert sum(document.kind == "alarm" for document in documents) == (lake.execute(watched).fetchone() or (0,))[0]
    assert {document.kind for document in documents} <= set(KINDS)
    assert len({document.document for document in documents}) == len(documents)
    assert {document.org_id for document in documents} == {document.keys["org_id"] for document in documents} == {1}


def test_meaning_has_names_for_codes_and_words_have_both(documents: list[Document]) -> None:
    tag = next(each for each in documents if each.kind == "tag" and "behind 11-E-101" in each.text)
    assert "behind the reactor coil" in tag.meaning
    assert "11-E-101" not in tag.meaning
    assert all(word in tag.words for word in ("behind 11-E-101", "behind the reactor coil", " 11E101"))
    entry = next(each for each in documents if each.kind == "log_entry" and each.keys.get("tag_id"))
    assert entry.mentions


def test_a_second_run_does_nothing_and_changes_are_followed(store: TenantStore, documents: list[Document]) -> None:
    count = len(documents)
    assert index(store, documents) == Outcome(count, 0, 0, 0)
    assert index(store, documents) == Outcome(0, 0, count, 0)
    changed = replace(documents[0], text="another text")
    assert index(store, [changed, *documents[2:]]) == Outcome(0, 1, count - 2, 1)
    assert store.hashes()[changed.document] == changed.content_hash
    assert documents[1].document not in store.hashes()


class Stubborn(Ngrams):
    """An embedder that is interrupted in its second batch."""

    batches = 0

    def embed(self, texts: Sequence[str]) -> Vectors:
        self.batches += 1
        if self.batches == 2:
            raise KeyboardInterrupt
        return super().embed(texts)


def test_an_interrupted_run_goes_on_where_it_was(store: TenantStore, documents: list[Document]) -> None:
    many = [replace(documents[0], document=f"tag:{number}") for number in range(2 * DOCUMENTS_AT_ONCE)]
    with pytest.raises(KeyboardInterrupt):
        bring_up_to_date(store, many, Stubborn(), lambda done, total: None)
    assert index(store, many) == Outcome(DOCUMENTS_AT_ONCE, 0, DOCUMENTS_AT_ONCE, 0)


KILLED = """
import sys
from dataclasses import replace
from pathlib import Path
from semantic.documents import documents_of
from semantic.embedded import EmbeddedEngine
from semantic.embedders import Ngrams
from semantic.indexing import DOCUMENTS_AT_ONCE, bring_up_to_date
from semantic.lake import open_lake
from semantic.store import TenantStore

first = next(documents_of(open_lake(Path(sys.argv[1])), 1))
many = [replace(first, document=f"tag:{number}") for number in range(8 * DOCUMENTS_AT_ONCE)]
store = TenantStore(EmbeddedEngine(Path(sys.argv[2]), Ngrams.name, Ngrams.dimension, writes=True), 1)
bring_up_to_date(store, many, Ngrams(), lambda done, total: print(done, flush=True))
"""


def test_a_killed_run_loses_nothing_that_it_has_told_of(tiny_lake: Path, documents: list[Document], tmp_path: Path) -> None:
    """Killed again and again at any moment, in a batch or in a flush; each run goes on, and the last one has the rest to do."""
    command = [sys.executable, "-c", KILLED, str(tiny_lake), str(tmp_path / "index")]
    moments = random.Random(7)
    kept: dict[str, str] = {}
    for _ in range(3):
        with subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, text=True) as process:
            assert process.stdout is not None
            process.stdout.readline()  # it has begun
            time.sleep(moments.uniform(0.0, 1.0))
            process.send_signal(signal.SIGKILL)
            told = [int(line) for line in process.stdout]
        engine = EmbeddedEngine(tmp_path / "index", Ngrams.name, Ngrams.dimension, writes=True)
        store = TenantStore(engine, 1)
        before, kept = len(kept), store.hashes()
        assert len(kept) >= before + max(told, default=0)
        engine.close()
    engine = EmbeddedEngine(tmp_path / "index", Ngrams.name, Ngrams.dimension, writes=True)
    many = [replace(documents[0], document=f"tag:{number}") for number in range(8 * DOCUMENTS_AT_ONCE)]
    assert index(TenantStore(engine, 1), many) == Outcome(len(many) - len(kept), 0, len(kept), 0)
    assert TenantStore(engine, 1).hashes() == {document.document: document.content_hash for document in many}
    engine.close()


def test_an_index_of_another_embedder_is_refused(tmp_path: Path) -> None:
    folder = tmp_path / "index"
    EmbeddedEngine(folder, "minilm all-MiniLM-L6-v2", 384, writes=True).close()
    refused = pytest.raises(
        SemanticError, match=r"built with minilm .* use --embedder minilm, or .* --rebuild --embedder ngrams"
    )
    with refused, open_index(folder, "ngrams"):
        pass
    with open_index(folder, "ngrams", writes=True, rebuild=True) as (engine, embedder):
        assert (embedder.name, engine.tenants()) == ("ngrams", [])


def test_an_index_of_another_size_is_refused(tmp_path: Path) -> None:
    EmbeddedEngine(tmp_path, "ngrams", 7, writes=True).close()
    with pytest.raises(SemanticError, match=r"of 7 dimensions, and this is ngrams of 1024"), open_index(tmp_path, None):
        pass


def test_an_index_of_another_version_is_refused(tmp_path: Path) -> None:
    EmbeddedEngine(tmp_path, "ngrams", 1024, writes=True).close()
    description = tmp_path / "index.json"
    description.write_text(description.read_text().replace('"layout": ', '"layout": 1'))
    with pytest.raises(SemanticError, match=r"another version of Saltworks: `index --rebuild`"), open_index(tmp_path, None):
        pass


def test_an_organization_that_left_the_lake_is_erased(
    tiny_lake: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("QDRANT_URL", raising=False)
    smaller = tmp_path / "lake"
    for source in ("iam", "asset"):
        shutil.copytree(tiny_lake / source, smaller / source)
    options = ["--lake", str(smaller), "--index", str(tmp_path / "index"), "--embedder", "ngrams"]
    assert main(["index", *options]) == 0
    for path in (smaller / "iam" / "organizations").rglob("*.parquet"):
        duckdb.execute(f"copy (select * from '{path}' where org_id = 1) to '{path}.new' (format parquet)")
        Path(f"{path}.new").replace(path)
    assert main(["index", *options]) == 0
    assert "organization 2 is no longer in the lake: everything of it was erased" in capsys.readouterr().out
    engine = EmbeddedEngine(tmp_path / "index", Ngrams.name, Ngrams.dimension, writes=False)
    assert engine.tenants() == [1]
    engine.close()


def test_readings_are_those_of_the_organization_alone(
    lake: duckdb.DuckDBPyConnection, tiny_lake: Path, documents: list[Document]
) -> None:
    """Even a payload that names another organization's tag or unit brings none of its readings."""
    theirs = next(organization for organization in organizations(lake) if organization.org_id == 2)
    tag = next(document for document in documents_of(lake, theirs.org_id) if document.kind == "tag")
    payload = {"kind": "tag", "codes": " ".join(tag.is_called), "keys": tag.keys}
    assert {each.tag_id for each in readings_around(lake, tiny_lake, 2, payload)} >= {tag.keys["tag_id"]}
    assert readings_around(lake, tiny_lake, 1, payload) == []


def test_readings_around_an_event_are_those_of_the_lake(
    lake: duckdb.DuckDBPyConnection, tiny_lake: Path, documents: list[Document]
) -> None:
    entry = next(each for each in documents if each.kind == "log_entry" and each.keys.get("tag_id") and each.at)
    assert entry.at is not None
    seconds = entry.at.replace(tzinfo=UTC).timestamp()
    payload = {"kind": "log_entry", "codes": " ".join(entry.mentions), "keys": entry.keys, "at": seconds}
    found = [each for each in readings_around(lake, tiny_lake, 1, payload) if each.tag_id == entry.keys["tag_id"]]
    count, low, high = lake.execute(
        "select count(*), min(value), max(value) from raw_historian.readings where org_id = 1 and tag_id = ?"
        " and measured_at >= ? - interval 20 minute and measured_at < ? + interval 20 minute",
        [entry.keys["tag_id"], entry.at, entry.at],
    ).fetchone() or (0, 0, 0)
    assert sum(each.reading_count for each in found) == count > 0
    assert min(each.minimum for each in found if each.minimum is not None) == low
    assert max(each.maximum for each in found if each.maximum is not None) == high
    assert len(found) <= 8


def test_alarm_episodes_are_those_of_the_mart(lake: duckdb.DuckDBPyConnection, tiny_warehouse: Warehouse) -> None:
    """The search derives episodes from the lake itself; their keys have to be the warehouse's."""
    keys = ("org_id", "unit_id", "equipment_id", "tag_id", "alarm_episode_id", "alarm_id", "condition")
    found = {
        tuple(document.keys[key] for key in keys)
        for organization in organizations(lake)
        for document in documents_of(lake, organization.org_id)
        if document.kind == "alarm_episode"
    }
    with duckdb.connect(str(tiny_warehouse.database), read_only=True) as warehouse:
        mart = warehouse.execute(f"select {', '.join(keys)} from chemical.fct_alarms").fetchall()
    assert len(mart) == len(found) > 0
    assert set(mart) == found
