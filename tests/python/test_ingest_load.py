"""A lake is in PostgreSQL whole or not at all, and each thing that can be wrong with it is said in one clear message."""

import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import psycopg
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from generators.engine.lake import LakeError, read_manifest
from generators.schema.catalog import table as declared
from ingest import ledger
from ingest.connection import Target, connect
from ingest.errors import IngestError
from ingest.load import is_loaded, load
from tests.python.small_lakes import make_lake, sample, sign_again

RUN = Path(__file__).resolve().parents[2] / "ingest" / "run.py"
TABLES = ("ref.currencies", "ref.markets", "iam.organizations", "asset.sites", "crm.territories")
SITES = "asset/sites/part-1.parquet"


class Quiet:
    """A watcher that does not look."""

    def phase(self, text: str) -> None:
        """Ignored."""

    def rows(self, count: int) -> None:
        """Ignored."""


def ingest(connection: psycopg.Connection, lake: Path) -> None:
    load(connection, lake, read_manifest(lake), Quiet())
    connection.commit()


def small_lake(folder: Path, rows: int = 20, seed: int = 1, **other: pa.Table) -> Path:
    tables = {name: sample(name, rows) for name in TABLES}
    return make_lake(folder, {**tables, **{name.replace("__", "."): table for name, table in other.items()}}, seed)


def rows_of(connection: psycopg.Connection, table: str) -> list[tuple[Any, ...]]:
    return sorted(connection.execute(f"select * from raw_{table}".encode()).fetchall(), key=repr)


def schemas(connection: psycopg.Connection) -> set[str]:
    return {row[0] for row in connection.execute("select nspname from pg_namespace where nspname !~ '^(pg_|information_)'")}


def edit(lake: Path, path: str, change: Callable[[pa.Table], pa.Table]) -> None:
    """Change a file and sign the manifest again, so that only its content is wrong."""
    pq.write_table(change(pq.read_table(lake / path)), lake / path, store_schema=False)
    sign_again(lake)


# What a load leaves.


def test_the_tables_hold_the_rows_of_the_files(connection: psycopg.Connection, tmp_path: Path) -> None:
    lake = small_lake(tmp_path / "lake")
    ingest(connection, lake)
    for name in TABLES:
        assert rows_of(connection, name) == sorted((tuple(row.values()) for row in sample(name, 20).to_pylist()), key=repr)


def test_the_ledger_says_what_is_loaded_in_one_query(connection: psycopg.Connection, tmp_path: Path) -> None:
    lake = small_lake(tmp_path / "lake")
    assert ledger.current_load(connection) is None
    assert not is_loaded(connection, lake)
    ingest(connection, lake)
    current = ledger.current_load(connection)
    assert current is not None
    assert (current.lake, current.preset, current.table_count, current.row_count) == (str(lake), "hand made", 5, 100)
    assert {table.name: table.row_count for table in ledger.loaded_tables(connection, current)} == dict.fromkeys(TABLES, 20)
    assert is_loaded(connection, lake)


def test_keys_comments_and_not_null_are_the_declared_ones(connection: psycopg.Connection, tmp_path: Path) -> None:
    ingest(connection, small_lake(tmp_path / "lake"))
    constraints = connection.execute(
        "select conname, pg_get_constraintdef(oid) from pg_constraint"
        " where conrelid = 'raw_asset.sites'::regclass and contype <> 'n'"
    ).fetchall()
    assert dict(constraints) == {
        "sites_pkey": "PRIMARY KEY (org_id, site_id)",
        "sites_org_id_fkey": "FOREIGN KEY (org_id) REFERENCES raw_iam.organizations(org_id)",
    }
    described = connection.execute(
        "select obj_description('raw_asset.sites'::regclass), col_description('raw_asset.sites'::regclass, 1)"
    ).fetchone()
    assert described == (declared("asset.sites").description, declared("asset.sites").column("org_id").description)
    with pytest.raises(psycopg.errors.NotNullViolation):
        connection.execute("update raw_asset.sites set city = null")


def test_a_table_without_rows_is_loaded_as_such(connection: psycopg.Connection, tmp_path: Path) -> None:
    ingest(connection, small_lake(tmp_path / "lake", crm__territories=sample("crm.territories", 0)))
    assert rows_of(connection, "crm.territories") == []


# Loading again, and another lake.


def test_the_same_lake_again_is_told_and_changes_nothing(database: Target, tmp_path: Path, capfd: Any) -> None:
    from ingest.run import main

    lake = small_lake(tmp_path / "lake")
    assert main(["--lake", str(lake)]) == 0
    with connect(database) as connection:
        before = connection.execute("select 'raw_asset.sites'::regclass::oid").fetchone()
        assert main(["--lake", str(lake)]) == 0
        assert "already loaded" in capfd.readouterr().out
        assert connection.execute("select 'raw_asset.sites'::regclass::oid").fetchone() == before


def test_another_lake_replaces_all_tables(connection: psycopg.Connection, tmp_path: Path) -> None:
    ingest(connection, small_lake(tmp_path / "first"))
    connection.execute("create view sites as select * from raw_asset.sites")  # dbt's staging is such views
    second = make_lake(tmp_path / "second", {"ref.currencies": sample("ref.currencies", 7)}, seed=2)
    ingest(connection, second)
    assert len(rows_of(connection, "ref.currencies")) == 7
    assert schemas(connection) == {"public", "ingest", "raw_ref"}
    current = ledger.current_load(connection)
    assert current is not None
    assert (current.lake, current.seed) == (str(second), 2)


def test_a_load_that_fails_leaves_the_lake_before(connection: psycopg.Connection, tmp_path: Path) -> None:
    first = small_lake(tmp_path / "first")
    ingest(connection, first)
    broken = small_lake(tmp_path / "broken", rows=30, asset__sites=sample("asset.sites", 31))
    with pytest.raises(IngestError):
        ingest(connection, broken)
    assert len(rows_of(connection, "asset.sites")) == 20
    assert is_loaded(connection, first)
    assert "loading_asset" not in schemas(connection)


def test_a_table_that_somebody_dropped_is_loaded_again(connection: psycopg.Connection, tmp_path: Path) -> None:
    lake = small_lake(tmp_path / "lake")
    ingest(connection, lake)
    connection.execute("drop table raw_asset.sites")
    connection.commit()
    assert not is_loaded(connection, lake)
    ingest(connection, lake)
    assert is_loaded(connection, lake)


def test_a_kill_while_rows_are_sent_leaves_nothing_and_the_next_run_completes(database: Target, tmp_path: Path) -> None:
    rows = many_rows(1_000_000)
    lake = make_lake(tmp_path / "lake", {"meta.generation_manifest": rows})
    with connect(database) as observer:
        observer.autocommit = True
        copied = "select count(*) from pg_stat_progress_copy where tuples_processed > 0"
        killed_when(lake, lambda: observer.execute(copied).fetchone() == (1,))
        assert ledger.current_load(observer) is None
        assert schemas(observer) == {"public"}
        assert subprocess.run([sys.executable, RUN, "--lake", lake], check=False).returncode == 0
        assert is_loaded(observer, lake)
        assert observer.execute("select count(*) from raw_meta.generation_manifest").fetchone() == (len(rows),)


def test_a_kill_just_before_the_swap_leaves_the_lake_before(database: Target, tmp_path: Path) -> None:
    first, second = small_lake(tmp_path / "first"), small_lake(tmp_path / "second", rows=30, seed=2)
    with connect(database) as reader, connect(database) as observer:
        ingest(reader, first)
        observer.autocommit = True
        reader.execute("select * from raw_asset.sites")  # while this transaction is open, the loader waits with the swap
        waiting = "select count(*) from pg_locks where not granted and relation = 'raw_asset.sites'::regclass"
        killed_when(second, lambda: observer.execute(waiting).fetchone() == (1,))
        reader.rollback()
        assert is_loaded(observer, first)
        assert len(rows_of(observer, "asset.sites")) == 20
        assert subprocess.run([sys.executable, RUN, "--lake", second], check=False).returncode == 0
        assert is_loaded(observer, second)
        assert len(rows_of(observer, "asset.sites")) == 30


def many_rows(count: int) -> pa.Table:
    rows = sample("meta.generation_manifest", 1_000)
    rows = pa.concat_tables([rows] * (count // 1_000))
    return rows.set_column(0, rows.schema.field("path"), [pa.array(range(count)).cast(pa.string())])


def killed_when(lake: Path, happens: Callable[[], bool]) -> None:
    """Run the loader and kill it without warning at the moment given."""
    loader = subprocess.Popen([sys.executable, RUN, "--lake", lake])
    until(happens)
    loader.send_signal(signal.SIGKILL)
    assert loader.wait() == -signal.SIGKILL


def until(happens: Callable[[], bool], seconds: float = 30) -> None:
    deadline = time.monotonic() + seconds
    while not happens():
        assert time.monotonic() < deadline, "what the test waits for does not happen"
        time.sleep(0.005)


def test_a_second_loader_waits_and_then_says_so(database: Target, connection: psycopg.Connection, tmp_path: Path) -> None:
    lake = small_lake(tmp_path / "lake")
    with connect(database) as first:
        first.execute("select pg_advisory_xact_lock(%s)", (0x5A17_0001,))
        with pytest.raises(IngestError, match="another ingestion is loading this database"):
            ingest(connection, lake)


def test_a_schema_that_is_not_ours_is_not_dropped(connection: psycopg.Connection, tmp_path: Path) -> None:
    connection.execute("create schema raw_oms")
    connection.commit()
    with pytest.raises(IngestError, match="a schema raw_oms that ingestion did not make"):
        ingest(connection, small_lake(tmp_path / "lake"))
    assert "raw_oms" in schemas(connection)


# Rows that break a key.


def test_a_reference_into_nothing_names_both_tables_and_the_key(connection: psycopg.Connection, tmp_path: Path) -> None:
    lake = small_lake(tmp_path / "lake", asset__sites=sample("asset.sites", 21))
    with pytest.raises(IngestError, match=r"asset\.sites refers to a row that iam\.organizations does not have.*org_id\)=\(20"):
        ingest(connection, lake)


def test_a_row_that_stands_twice_names_the_table_and_the_key(connection: psycopg.Connection, tmp_path: Path) -> None:
    rows = sample("asset.sites", 20)
    lake = small_lake(tmp_path / "lake", asset__sites=pa.concat_tables([rows, rows.slice(3, 1)]))
    with pytest.raises(IngestError, match=r"asset\.sites: the primary key is not unique: Key \(org_id, site_id\)=\(3, 3\)"):
        ingest(connection, lake)


# Files that are not what they should be.


def rename(rows: pa.Table) -> pa.Table:
    return rows.rename_columns(["town" if name == "city" else name for name in rows.column_names])


def retype(rows: pa.Table) -> pa.Table:
    place = rows.column_names.index("site_id")
    return rows.set_column(place, pa.field("site_id", pa.int64(), nullable=False), rows["site_id"].cast(pa.int64()))


DRIFTS = {
    "missing": (lambda rows: rows.drop_columns(["city"]), r"asset\.sites.*column city is missing"),
    "extra": (lambda rows: rows.append_column("mood", rows["city"]), r"asset\.sites.*column mood is not declared"),
    "renamed": (rename, r"asset\.sites.*column city is missing; column town is not declared"),
    "retyped": (retype, r"asset\.sites.*column site_id is int64 not null, expected int32 not null"),
    "reordered": (
        lambda rows: rows.select(rows.column_names[::-1]),
        r"asset\.sites.*the columns stand in the order updated_at",
    ),
}


@pytest.mark.parametrize("name", DRIFTS)
def test_schema_drift_names_file_and_column(connection: psycopg.Connection, tmp_path: Path, name: str) -> None:
    lake = small_lake(tmp_path / "lake")
    change, message = DRIFTS[name]
    edit(lake, SITES, change)
    with pytest.raises(IngestError, match=message) as error:
        ingest(connection, lake)
    assert SITES in str(error.value)
    assert schemas(connection) == {"public"}


def test_a_truncated_file_is_named(connection: psycopg.Connection, tmp_path: Path) -> None:
    lake = small_lake(tmp_path / "lake")
    (lake / SITES).write_bytes((lake / SITES).read_bytes()[:-100])
    with pytest.raises(IngestError, match=rf"{SITES}: .* bytes, but the manifest says"):
        ingest(connection, lake)


def test_an_edited_file_is_named(connection: psycopg.Connection, tmp_path: Path) -> None:
    lake = small_lake(tmp_path / "lake")
    content = bytearray((lake / SITES).read_bytes())
    content[40] ^= 1
    (lake / SITES).write_bytes(content)
    with pytest.raises(IngestError, match=rf"{SITES}: the checksum differs"):
        ingest(connection, lake)


def test_a_file_with_fewer_rows_than_promised_is_refused(connection: psycopg.Connection, tmp_path: Path) -> None:
    lake = small_lake(tmp_path / "lake")
    edit(lake, SITES, lambda rows: rows.slice(0, 5))
    with pytest.raises(IngestError, match=r"asset\.sites.*the files hold 15 rows, the manifest says 20"):
        ingest(connection, lake)


def test_nan_is_refused_with_file_and_column(connection: psycopg.Connection, tmp_path: Path) -> None:
    rows = sample("truth.demand_factors", 4)
    place = rows.column_names.index("factor")
    rows = rows.set_column(place, rows.schema.field("factor"), [pa.array([1.0, 2.0, float("nan"), 3.0])])
    lake = make_lake(tmp_path / "lake", {"truth.demand_factors": rows})
    with pytest.raises(IngestError, match=r"demand_factors/part-1\.parquet, column factor: NaN or infinity"):
        ingest(connection, lake)


def test_a_nul_character_is_refused_with_table_and_column(connection: psycopg.Connection, tmp_path: Path) -> None:
    lake = small_lake(tmp_path / "lake")
    city = pa.array([f"a\0{row}" for row in range(10)])
    edit(lake, SITES, lambda rows: rows.set_column(rows.column_names.index("city"), rows.schema.field("city"), [city]))
    with pytest.raises(IngestError, match=r"asset\.sites: PostgreSQL refused a value.*line 11, column city"):
        ingest(connection, lake)


def test_a_missing_manifest_says_which_command_makes_it(tmp_path: Path) -> None:
    with pytest.raises(LakeError, match=r"generators/run\.py"):
        read_manifest(tmp_path)
