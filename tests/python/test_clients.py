"""What analysts have on their machines reads every mart, and every value of it: an older DuckDB, Polars, pandas, psql."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import duckdb
import polars as pl
import pytest

from report.export import DATABASE, LISTING, main
from tests.python.engines import differences, marts, read_csv, read_duckdb
from tests.python.environments import run_in
from tests.python.postgres import copy_by_psql
from tests.python.sharing import made_once
from tests.python.tenancy import World
from tests.python.warehouse import Warehouse


@pytest.fixture(scope="module")
def exported(tiny_warehouse: Warehouse, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """All marts of the preset tiny, exported by the command."""

    def make(folder: Path) -> None:
        assert main(["--warehouse", str(tiny_warehouse.database), "--output", str(folder / "export")]) == 0

    return made_once(tmp_path_factory, "export", make) / "export"


def unequal(warehouse: Warehouse, read: Callable[[str, str], pl.DataFrame]) -> dict[str, list[str]]:
    """The marts that a client finds otherwise than the warehouse holds them, and what differs."""
    names = marts(warehouse)
    assert len(names) > 40
    found = {
        f"{schema}.{name}": differences(read_duckdb(warehouse, schema, name), read(schema, name)) for schema, name in names
    }
    return {name: difference for name, difference in found.items() if difference}


def test_an_older_duckdb_reads_the_file(exported: Path, tiny_warehouse: Warehouse, tmp_path: Path) -> None:
    script = Path(__file__).parent / "environments" / "read_with_duckdb.py"
    done = run_in("clients", "python", script, exported / DATABASE, tmp_path)
    assert done.returncode == 0, done.stderr
    assert done.stdout.startswith("1.5.")
    assert unequal(tiny_warehouse, lambda schema, name: pl.read_parquet(tmp_path / f"{schema}.{name}.parquet")) == {}


def test_pandas_reads_the_parquet_files(exported: Path, tiny_warehouse: Warehouse, tmp_path: Path) -> None:
    script = Path(__file__).parent / "environments" / "read_with_pandas.py"
    done = run_in("clients", "python", script, exported / "parquet", tmp_path)
    assert done.returncode == 0, done.stderr
    assert unequal(tiny_warehouse, lambda schema, name: pl.read_parquet(tmp_path / f"{schema}.{name}.parquet")) == {}


def test_polars_reads_the_parquet_files(exported: Path, tiny_warehouse: Warehouse) -> None:
    assert (
        unequal(tiny_warehouse, lambda schema, name: pl.read_parquet(exported / "parquet" / schema / f"{name}.parquet")) == {}
    )


def test_the_csv_files_hold_the_same(exported: Path, tiny_warehouse: Warehouse) -> None:
    def read(schema: str, name: str) -> pl.DataFrame:
        return read_csv(exported / "csv" / schema / f"{name}.csv", tiny_warehouse, schema, name)

    assert unequal(tiny_warehouse, read) == {}


def test_psql_reads_the_marts_of_its_organization(tenants: World, tiny_warehouse: Warehouse, tmp_path: Path) -> None:
    """A BI login over PostgreSQL's own client: every mart of the plants, and its own rows.

    The marts of the sales company are read in the same way in test_engines_agree.
    """
    names = [(schema, name) for schema, name in marts(tiny_warehouse) if schema == "chemical"]
    own = {
        name: read_duckdb(tiny_warehouse, schema, name).filter(pl.col("org_id") == tenants.a.org_id) for schema, name in names
    }
    assert sum(not rows.is_empty() for rows in own.values()) > 10
    copy_by_psql(replace(tenants.target, login=tenants.login(tenants.a.bi_login)), names, tmp_path)
    found = {
        name: differences(own[name], read_csv(tmp_path / f"{schema}.{name}.csv", tiny_warehouse, schema, name))
        for schema, name in names
    }
    assert {name: difference for name, difference in found.items() if difference} == {}


def test_the_descriptions_come_along(exported: Path) -> None:
    with duckdb.connect(str(exported / DATABASE), read_only=True) as connection:
        for relation in ("duckdb_tables()", "duckdb_columns()"):
            silent = f"select table_name from {relation} where not internal and coalesce(comment, '') = ''"
            assert connection.execute(silent).fetchall() == []


def test_the_listing_is_true(exported: Path, tiny_warehouse: Warehouse) -> None:
    listing = json.loads((exported / LISTING).read_text())
    rows = {f"{schema}.{name}": read_duckdb(tiny_warehouse, schema, name).height for schema, name in marts(tiny_warehouse)}
    assert {mart["mart"]: mart["rows"] for mart in listing["marts"]} == rows
    assert {file["path"]: file["bytes"] for file in listing["files"]} == {
        path.relative_to(exported).as_posix(): path.stat().st_size
        for path in exported.rglob("*")
        if path.is_file() and path.name != LISTING
    }


# Whatever goes wrong: one clear message, and what was there is there still.


@pytest.fixture
def small_warehouse(tmp_path: Path) -> Path:
    """A warehouse with two marts, one of which can be made to fail while it is read."""
    path = tmp_path / "warehouse.duckdb"
    (tmp_path / "days.csv").write_text("n\n1\n")
    with duckdb.connect(str(path)) as connection:
        connection.execute("create schema sales; create table sales.dim_days as select 1 as day_id")
        connection.execute(f"create view sales.fct_days as from read_csv('{tmp_path}/days.csv', columns = {{'n': 'int'}})")
    return path


def test_a_failed_export_leaves_the_older_one(
    small_warehouse: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    arguments = ["--warehouse", str(small_warehouse), "--output", str(tmp_path / "export")]
    assert main(arguments) == 0
    before = {path: path.stat().st_mtime_ns for path in (tmp_path / "export").rglob("*")}
    (tmp_path / "days.csv").write_text("n\none\n")
    assert main(arguments) == 1
    assert "nothing was exported" in capsys.readouterr().err
    assert {path: path.stat().st_mtime_ns for path in (tmp_path / "export").rglob("*")} == before
    assert sorted(path.name for path in tmp_path.iterdir()) == ["days.csv", "export", "warehouse.duckdb"]


def test_a_part_of_it_replaces_the_older_export(small_warehouse: Path, tmp_path: Path) -> None:
    arguments = ["--warehouse", str(small_warehouse), "--output", str(tmp_path / "export")]
    assert main(arguments) == 0
    assert main([*arguments, "--format", "csv", "--mart", "sales.dim_days"]) == 0
    files = sorted(path.name for path in (tmp_path / "export").rglob("*") if path.is_file())
    assert files == ["dim_days.csv", "export.json"]


def test_what_is_not_an_export_is_not_replaced(
    small_warehouse: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "mine").mkdir()
    (tmp_path / "mine" / "letter.txt").write_text("dear")
    assert main(["--warehouse", str(small_warehouse), "--output", str(tmp_path / "mine")]) == 1
    assert "is not an export" in capsys.readouterr().err
    assert (tmp_path / "mine" / "letter.txt").read_text() == "dear"


@pytest.mark.parametrize(
    ("arguments", "code", "message"),
    [
        (["--warehouse", "{folder}/none.duckdb"], 1, "run `dbt build`"),
        (["--warehouse", "{folder}/days.csv"], 1, "cannot read the warehouse"),
        (["--warehouse", "{folder}/warehouse.duckdb", "--mart", "sales.fct_wishes"], 2, "no mart sales.fct_wishes; there are"),
    ],
)
def test_an_error_says_what_to_do(
    arguments: list[str],
    code: int,
    message: str,
    small_warehouse: Path,
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
) -> None:
    filled = [argument.format(folder=tmp_path) for argument in arguments]
    assert main([*filled, "--output", str(tmp_path / "export")]) == code
    assert message in capsys.readouterr().err
    assert not (tmp_path / "export").exists()


def test_a_warehouse_that_dbt_writes_is_not_read(
    small_warehouse: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    hold = f"import duckdb; connection = duckdb.connect('{small_warehouse}'); print('held', flush=True); input()"
    with subprocess.Popen([sys.executable, "-c", hold], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as writer:
        assert writer.stdout and writer.stdout.readline() == "held\n"
        assert main(["--warehouse", str(small_warehouse), "--output", str(tmp_path / "export")]) == 1
        writer.communicate("\n")
    assert "dbt may be writing it" in capsys.readouterr().err
