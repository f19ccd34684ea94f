"""Files appear whole or not at all, receipts hold only what is intact, and whatever is wrong with a lake is named."""

import json
import shutil
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from generators.engine.executor import Job, processes
from generators.engine.lake import (
    LakeError,
    close_lake,
    open_lake,
    read_manifest,
    read_receipt,
    verify,
    write_chunk,
    write_receipt,
)
from generators.engine.plan import Chunk, Family, Part, Window
from generators.engine.storage import storage, write_atomically
from tests.python.small_lakes import make_lake, sample, sign_again

PART = Part("test", "one", 10)
SHORT_RATE = pa.decimal64(18, 6)
CHUNK = Chunk("ref.currencies", "part-000.parquet", sample("ref.currencies", 10))


@pytest.fixture
def lake(tmp_path: Path) -> Path:
    return make_lake(tmp_path / "lake", {"ref.currencies": sample("ref.currencies", 12)})


def faults(lake: Path) -> dict[str, str]:
    """What is wrong with the files of a lake."""
    return {entry.path: fault for entry, fault in verify(storage(lake), read_manifest(storage(lake))) if fault}


def test_a_file_is_replaced_whole(tmp_path: Path) -> None:
    target = tmp_path / "folder" / "file"
    for content in (b"first", b"second"):
        write_atomically(target, content)
        assert target.read_bytes() == content
    assert [path.name for path in target.parent.iterdir()] == ["file"]


@pytest.mark.parametrize("place", ["write", "flush", "replace"])
def test_a_failure_leaves_the_old_file_and_nothing_else(place: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    target = tmp_path / "file"
    target.write_bytes(b"old")

    def refuse(*_: object) -> None:
        raise OSError(28, "No space left on device")

    content: Any = b"new"
    if place == "write":
        content = "not bytes"
    elif place == "flush":
        monkeypatch.setattr("os.fsync", refuse)
    else:
        monkeypatch.setattr(Path, "replace", refuse)
    with pytest.raises((OSError, TypeError)):
        write_atomically(target, content)
    assert target.read_bytes() == b"old"
    assert [path.name for path in tmp_path.iterdir()] == ["file"]


def test_an_entry_says_what_the_file_is(tmp_path: Path) -> None:
    entry = write_chunk(storage(tmp_path), PART, CHUNK)
    path = tmp_path / entry.path
    assert (entry.path, entry.table, entry.part) == ("ref/currencies/part-000.parquet", "ref.currencies", "test.one")
    assert (entry.rows, entry.bytes) == (10, path.stat().st_size)
    assert (entry.first, entry.last) == ("2025-01-01T00:00:00", "2025-01-01T00:00:09")
    assert pq.read_table(path).equals(CHUNK.rows)


def test_an_empty_file_has_no_bounds(tmp_path: Path) -> None:
    entry = write_chunk(storage(tmp_path), PART, Chunk("ref.currencies", "part-000.parquet", CHUNK.rows[:0]))
    assert (entry.rows, entry.first, entry.last) == (0, "", "")


def test_labels_and_short_decimals_are_what_the_contract_declares_in_the_file(tmp_path: Path) -> None:
    plain = sample("ref.fx_rates", 10)
    short = {
        "currency_code": plain["currency_code"].dictionary_encode(),
        "units_per_eur": plain["units_per_eur"].cast(SHORT_RATE),
    }
    columns = [short.get(field.name, plain[field.name]) for field in plain.schema]
    fields = [field.with_type(column.type) for field, column in zip(plain.schema, columns, strict=True)]
    rows = pa.Table.from_arrays(columns, schema=pa.schema(fields))
    entry = write_chunk(storage(tmp_path), PART, Chunk("ref.fx_rates", "part-000.parquet", rows))
    found = pq.ParquetFile(tmp_path / entry.path).read()
    assert found.schema == plain.schema
    assert found.equals(plain)


def test_other_columns_than_the_declared_are_not_written(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match=r"ref.currencies, part test.one: the rows do not have the declared schema"):
        write_chunk(
            storage(tmp_path), PART, Chunk("ref.currencies", "part-000.parquet", CHUNK.rows.drop_columns(["updated_at"]))
        )
    assert not list(tmp_path.iterdir())


def test_a_receipt_holds_as_long_as_its_files_do(tmp_path: Path) -> None:
    assert read_receipt(storage(tmp_path), PART.name) is None
    entry = write_chunk(storage(tmp_path), PART, CHUNK)
    write_receipt(storage(tmp_path), PART.name, [entry])
    assert read_receipt(storage(tmp_path), PART.name) == [entry]

    path = tmp_path / entry.path
    content = path.read_bytes()
    for damaged in (content[:-1], content[:50] + bytes([content[50] ^ 1]) + content[51:]):
        path.write_bytes(damaged)
        assert read_receipt(storage(tmp_path), PART.name) is None
    path.unlink()
    assert read_receipt(storage(tmp_path), PART.name) is None


@pytest.mark.parametrize("receipt", ["", "[{}]", "{}x", '[{"path": 1}]', "null"])
def test_a_damaged_receipt_counts_as_none(receipt: str, tmp_path: Path) -> None:
    write_receipt(storage(tmp_path), PART.name, [])
    (tmp_path / "_parts" / "test.one.json").write_text(receipt)
    assert read_receipt(storage(tmp_path), PART.name) is None


def test_a_resumed_lake_has_no_manifest_until_it_is_closed(lake: Path) -> None:
    manifest = read_manifest(storage(lake))
    open_lake(storage(lake), {"seed": 1}, resume=False)
    close_lake(storage(lake), manifest)
    open_lake(storage(lake), {"seed": 1}, resume=True)
    with pytest.raises(LakeError, match="unfinished"):
        read_manifest(storage(lake))


def test_closing_removes_what_earlier_runs_left(lake: Path) -> None:
    leftovers = ("ref/currencies/part-9.parquet", "old/table/part-0.parquet", "ref/currencies/part-0.parquet.7.writing")
    for leftover in leftovers:
        (lake / leftover).parent.mkdir(parents=True, exist_ok=True)
        (lake / leftover).write_text("left over")
    (lake / "notes.txt").write_text("the user's own")
    before = read_manifest(storage(lake))
    close_lake(storage(lake), before)
    assert not [leftover for leftover in leftovers if (lake / leftover).exists()]
    assert not (lake / "old").exists()
    assert (lake / "notes.txt").exists()
    assert read_manifest(storage(lake)) == before
    assert not faults(lake)


@pytest.mark.parametrize(
    ("content", "message"),
    [
        ("", "is damaged"),
        ("[]", "is damaged"),
        ("null", "is damaged"),
        ("{}", "is damaged"),
        ('{"tables": {"ref.currencies": {}}}', "is damaged"),
        ('{"tables": {}, "flavour": "salty"}', "is damaged"),
    ],
)
def test_a_damaged_manifest_is_named(content: str, message: str, lake: Path) -> None:
    (lake / "manifest.json").write_text(content)
    with pytest.raises(LakeError, match=f"manifest.json {message}.*: generate the lake again"):
        read_manifest(storage(lake))


def test_a_missing_lake_and_an_unfinished_one_say_what_to_run(lake: Path, tmp_path: Path) -> None:
    with pytest.raises(LakeError, match=r"there is no lake in .*: run `python generators/run.py`"):
        read_manifest(storage(tmp_path / "nowhere"))
    open_lake(storage(lake), {}, resume=False)
    with pytest.raises(LakeError, match=r"unfinished: run generators/run.py again with --resume"):
        read_manifest(storage(lake))


def _truncate(path: Path) -> None:
    path.write_bytes(path.read_bytes()[:-10])


def _edit(path: Path) -> None:
    content = path.read_bytes()
    path.write_bytes(content[:60] + bytes([content[60] ^ 1]) + content[61:])


def _replace_by_a_folder(path: Path) -> None:
    path.unlink()
    path.mkdir()


@pytest.mark.parametrize(
    ("damage", "fault"),
    [
        (_truncate, "but the manifest says"),
        (_edit, "the checksum differs"),
        (Path.unlink, "the file is missing"),
        (_replace_by_a_folder, "it cannot be read"),
    ],
)
def test_verify_names_the_damaged_file(damage: Callable[[Path], None], fault: str, lake: Path) -> None:
    assert not faults(lake)
    damage(lake / "ref/currencies/part-1.parquet")
    assert [path for path, found in faults(lake).items() if fault in found] == ["ref/currencies/part-1.parquet"]


def test_verify_knows_other_columns_and_other_tables(lake: Path) -> None:
    path = lake / "ref/currencies/part-1.parquet"
    pq.write_table(pq.read_table(path).drop_columns(["updated_at"]), path)
    sign_again(lake)
    assert faults(lake) == {
        "ref/currencies/part-1.parquet": "the columns are not the declared ones: the lake was made by another version"
    }
    manifest = json.loads((lake / "manifest.json").read_text())
    for file in manifest["tables"]["ref.currencies"]["files"]:
        file["table"] = "ref.shells"
    (lake / "manifest.json").write_text(json.dumps(manifest))
    assert len(faults(lake)) == 2


def test_verify_names_a_file_that_is_no_parquet(lake: Path) -> None:
    (lake / "ref/currencies/part-0.parquet").write_text("no rows")
    sign_again(lake)
    assert faults(lake)["ref/currencies/part-0.parquet"].startswith("it cannot be read")


ALWAYS = Window(None, date.max)


def _parts(scenario: int) -> list[Part]:
    return [Part("test", f"{number}", number) for number in range(scenario)]


def _generate(scenario: int, part: Part) -> Any:
    yield Chunk("ref.currencies", f"part-{part.key}.parquet", sample("ref.currencies", part.expected_rows))


@pytest.mark.parametrize("workers", [1, 2])
def test_a_disk_that_refuses_stops_the_work_with_one_message(workers: int, tmp_path: Path) -> None:
    (tmp_path / "ref").write_text("in the way")
    family = Family("test", ("ref.currencies",), _parts, _generate)
    jobs = [Job(storage(tmp_path), 3, family, part, ALWAYS) for part in _parts(3)]
    with pytest.raises(LakeError, match=r"cannot write part test.\d to .*: .*; when it takes files again, run .* --resume"):
        list(processes(workers)(jobs))


def test_every_executor_makes_the_same_files(tmp_path: Path) -> None:
    family = Family("test", ("ref.currencies",), _parts, _generate)
    made = {}
    for workers in (1, 2):
        root = tmp_path / str(workers)
        outcomes = list(processes(workers)([Job(storage(root), 3, family, part, ALWAYS) for part in _parts(3)]))
        made[workers] = {outcome.part: outcome.files for outcome in outcomes}
        assert all(read_receipt(storage(root), part.name) == list(files) for part, files in made[workers].items())
        shutil.rmtree(root)
    assert made[1] == made[2]
    assert len(made[1]) == 3


def test_a_part_that_is_made_twice_at_once_is_there_once(tmp_path: Path) -> None:
    """As when a cluster speculates: nobody waits for the other, and both write the same."""
    family = Family("test", ("ref.currencies",), _parts, _generate)
    jobs = [Job(storage(tmp_path), 3, family, _parts(3)[2], ALWAYS)] * 20
    outcomes = set(processes(2)(jobs))
    assert len(outcomes) == 1
    (entry,) = outcomes.pop().files
    assert storage(tmp_path).files() == ["_parts/test.2.json", entry.path]
    assert storage(tmp_path).checksum(entry.path) == entry.sha256
