"""A lake on object storage is the lake of a folder, byte for byte, and is resumed, grown, verified and loaded like it."""

from __future__ import annotations

import hashlib
import os
import pickle
import signal
import subprocess
import time
from pathlib import Path

import duckdb
import pytest

from generators.engine.lake import LakeError, read_manifest
from generators.engine.storage import storage
from generators.run import main
from ingest.run import main as ingest
from tests.python.command import command, generate
from tests.python.golden.digests import PRESET
from tests.python.object_store import copied
from tests.python.test_command_reproducible import files_of
from tests.python.warehouse import Warehouse

LOADED = ("ref.markets", "ref.currencies", "ref.countries", "wms.warehouses")  # with all that they refer to


@pytest.fixture(scope="module")
def sales_lake(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The sales company of the preset tiny, in a folder."""
    lake = tmp_path_factory.mktemp("sales") / "lake"
    assert main([*PRESET, "--domain", "sales", "--lake", str(lake), "--workers", "1"]) == 0
    return lake


@pytest.mark.parametrize("kind", ["folder", "object store"])
def test_a_folder_and_an_object_store_do_the_same(kind: str, object_store: str, tmp_path: Path) -> None:
    place = storage(tmp_path / "place" if kind == "folder" else f"{object_store}/place")
    assert place.is_empty()
    assert not place.files()
    for content in (b"first", b"second"):
        place.put("folder/below/file", content)
    place.put("folder/other", b"")
    assert not place.is_empty()
    assert place.files() == place.files("folder") == ["folder/below/file", "folder/other"]
    assert place.read("folder/below/file") == b"second"
    assert place.checksum("folder/below/file") == hashlib.sha256(b"second").hexdigest()
    assert place.exists("folder/other")
    assert not place.exists("folder")
    assert place.encloses("folder/other")
    assert not place.encloses("folder/../../place2/other")
    with pytest.raises(FileNotFoundError):
        place.read("folder/nothing")

    place.remove("folder/below/file")
    place.remove("folder/below/file")
    place.remove_empty_folders()
    assert place.files() == ["folder/other"]
    place.remove_folder("folder")
    place.remove_folder("folder")
    assert not place.files()
    assert pickle.loads(pickle.dumps(place)) == place


def test_a_killed_run_is_resumed_and_makes_the_files_of_a_folder(object_store: str, sales_lake: Path) -> None:
    lake = storage(f"{object_store}/killed")
    options = (*PRESET, "--domain", "sales", "--lake", lake, "--workers", 2)
    killed = subprocess.Popen(command(*options), stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    while sum("." in path.removesuffix(".json") for path in lake.files("_parts")) < 2:
        assert killed.poll() is None
        time.sleep(0.2)
    os.kill(killed.pid, signal.SIGKILL)
    killed.wait()
    with pytest.raises(LakeError, match=f"the lake {lake} is unfinished: run generators/run.py again with --resume"):
        read_manifest(lake)

    resumed = generate(*options, "--resume")
    assert resumed.returncode == 0, resumed.stderr
    assert "parts kept" in resumed.stdout
    assert f"the lake is in {lake}" in resumed.stdout
    assert files_of(str(lake)) == files_of(sales_lake)


def test_a_lake_grows_where_it_lies(object_store: str, tmp_path: Path) -> None:
    grown = [f"{object_store}/grown", str(tmp_path)]
    for lake in grown:
        for arguments in ([], ["--until", "2026-01-02"]):
            options = [*PRESET, "--domain", "chemical", "--lake", lake, "--workers", "1"]
            assert main([*options, *arguments]) == 0
    assert files_of(grown[0]) == files_of(grown[1])


def test_verify_names_a_changed_a_missing_and_a_strange_object(object_store: str, sales_lake: Path) -> None:
    lake = copied(sales_lake, f"{object_store}/damaged", "ref.currencies", "fin.payments")
    intact = generate("--lake", lake, "--verify")
    assert intact.returncode == 0, intact.stderr

    changed, missing = [path for path in lake.files("fin/payments") if path.endswith(".parquet")][:2]
    content = bytearray(lake.read(changed))
    content[100] ^= 1
    lake.put(changed, bytes(content))
    lake.remove(missing)
    lake.put("fin/payments/strange.parquet", b"")
    done = generate("--lake", lake, "--verify")
    assert done.returncode == 1
    assert done.stderr.removeprefix("error: ").splitlines()[:3] == [
        f"{lake}/{changed}: the checksum differs: the file was changed after it was generated",
        f"{lake}/{missing}: the file is missing",
        f"{lake}/fin/payments/strange.parquet: it is not in the manifest",
    ]


def test_a_bucket_that_is_not_there_is_named(object_store: str) -> None:
    done = generate(*PRESET, "--domain", "sales", "--lake", "s3://nowhere/lake", "--workers", 1)
    assert done.returncode == 1
    assert done.stderr.startswith("error: cannot write the lake s3://nowhere/lake: ")
    assert "bucket does not exist" in done.stderr


def test_an_object_store_that_does_not_answer_is_named(object_store: str) -> None:
    done = generate("--lake", f"{object_store}/lake", "--verify", AWS_ENDPOINT_URL="http://127.0.0.1:9")
    assert done.returncode == 1
    assert f"cannot read {object_store}/lake/manifest.json: " in done.stderr
    assert "Could not connect to server" in done.stderr


@pytest.mark.usefixtures("database")
def test_a_lake_is_loaded_and_verified(object_store: str, sales_lake: Path, capsys: pytest.CaptureFixture[str]) -> None:
    lake = copied(sales_lake, f"{object_store}/loaded", *LOADED)
    assert ingest(["--lake", str(lake)]) == 0
    assert f"from  {lake}" in capsys.readouterr().out
    assert ingest(["--lake", str(lake), "--verify"]) == 0

    lake.remove(lake.files("wms/warehouses")[0])
    assert ingest(["--lake", str(lake), "--verify"]) == 1


def test_dbt_builds_from_it_and_sees_what_was_changed(object_store: str, sales_lake: Path, tmp_path: Path) -> None:
    lake = copied(sales_lake, f"{object_store}/built", "wms.warehouses")
    warehouse = Warehouse("duckdb", sales_lake, tmp_path, {"SALTWORKS_LAKE": str(lake)})
    warehouse.dbt("build", "--select", "stg_wms__warehouses", "dim_warehouses")
    table = lake.address_of("wms/warehouses")
    with duckdb.connect(str(warehouse.database), read_only=True) as connection:
        view = connection.execute("select sql from duckdb_views() where schema_name = 'raw_wms' and view_name = 'warehouses'")
        assert f"{table}/**/*.parquet" in str(view.fetchone())
        rows = connection.execute("select count(*) from sales.dim_warehouses").fetchone()
    assert rows == (read_manifest(lake).tables["wms.warehouses"].rows,)

    path = lake.files("wms/warehouses")[0]
    content = lake.read(path)
    lake.put(path, content[:100] + bytes([content[100] ^ 1]) + content[101:])
    done = warehouse.dbt("run", "--select", "stg_wms__warehouses", check=False)
    assert done.returncode != 0
    assert f"{lake}/{path} was changed after it was generated" in " ".join(done.stdout.split())
