"""What a lake says of itself is true: its files, their bytes and hashes, and views that hold every row."""

from __future__ import annotations

import hashlib
import json
from pathlib import Path

import duckdb
import pytest
import yaml

from generators.description import described
from generators.engine.lake import read_manifest
from generators.engine.storage import storage
from generators.run import main
from generators.schema.catalog import SOURCES, TABLES
from tests.python.warehouse import ROOT


def test_the_run_writes_what_the_command_writes(tiny_lake: Path) -> None:
    for path, text in described(read_manifest(storage(tiny_lake))).items():
        assert (tiny_lake / path).read_text() == text, path


def test_the_package_lists_every_file_as_it_is(tiny_lake: Path) -> None:
    package = json.loads((tiny_lake / "datapackage.json").read_text())
    files = {path.relative_to(tiny_lake).as_posix() for path in tiny_lake.rglob("*.parquet")}
    assert {resource["path"] for resource in package["resources"]} == files
    for resource in package["resources"]:
        content = (tiny_lake / resource["path"]).read_bytes()
        assert resource["bytes"] == len(content)
        assert resource["hash"] == f"sha256:{hashlib.sha256(content).hexdigest()}"
        schema = json.loads((tiny_lake / resource["schema"]).read_text())
        assert [field["name"] for field in schema["fields"]] == list(TABLES[resource["title"]].column_names)


def test_the_views_hold_every_row(tiny_lake: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tiny_lake)
    with duckdb.connect() as connection:
        connection.execute((tiny_lake / "attach.sql").read_text())
        for name, entry in read_manifest(storage(tiny_lake)).tables.items():
            assert connection.execute(f"select count(*) from raw_{name}").fetchone() == (entry.rows,), name


def test_the_card_names_every_table_with_its_files(tiny_lake: Path) -> None:
    _, front, words = (tiny_lake / "README.md").read_text().split("---\n", maxsplit=2)
    for config in yaml.safe_load(front)["configs"]:
        assert list(tiny_lake.glob(config["data_files"])), config
        assert f"`{config['config_name']}`" in words


def test_nothing_in_it_depends_on_where_the_lake_is(tiny_lake: Path) -> None:
    assert not [path for path, text in described(read_manifest(storage(tiny_lake))).items() if str(tiny_lake.parent) in text]


def test_a_lake_that_is_not_finished_is_not_described(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["--describe", "--lake", str(tmp_path)]) == 1
    assert "there is no lake" in capsys.readouterr().err
    assert not list(tmp_path.iterdir())


def test_a_description_is_written_over_an_older_one(tiny_lake: Path, tmp_path: Path) -> None:
    (tmp_path / "attach.sql").write_text("select 1;")
    (tmp_path / "manifest.json").write_bytes((tiny_lake / "manifest.json").read_bytes())
    assert main(["--describe", "--lake", str(tmp_path)]) == 0
    assert (tmp_path / "attach.sql").read_text() == (tiny_lake / "attach.sql").read_text()


def test_every_reference_of_a_contract_leads_somewhere() -> None:
    """To a column of the same file, or by the file's name to one of another."""
    contracts = {
        source.name: yaml.safe_load((ROOT / "docs" / "contract" / f"{source.name}.odcs.yaml").read_text()) for source in SOURCES
    }
    columns = {
        (name, table["id"], column["id"])
        for name, contract in contracts.items()
        for table in contract["schema"]
        for column in table["properties"]
    }
    for name, contract in contracts.items():
        for relationship in (r for table in contract["schema"] for r in table.get("relationships", [])):
            targets = relationship["to"] if isinstance(relationship["to"], list) else [relationship["to"]]
            for target in targets:
                file, _, path = target.rpartition("#")
                table, column = path.split("/")[2::2] if file else target.split(".")
                assert (file.partition(".")[0] or name, table, column) in columns, target
