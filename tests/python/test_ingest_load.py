"""Ingestion loses nothing and takes nothing twice: killed, run again, run twice at once, and as the lake grows."""

import random
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import psycopg
import pyarrow as pa
import pytest

from generators.engine.lake import LakeError, read_manifest
from generators.engine.storage import storage
from generators.schema.catalog import table as declared
from ingest import ledger, raw
from ingest.connection import Target, acting_as, connect
from ingest.errors import IngestError
from ingest.load import Result, Scope, is_loaded, load
from ingest.run import main
from ingest.verify import verify
from tests.python.small_lakes import add_file, make_lake, sample, with_values

RUN = Path(__file__).resolve().parents[2] / "ingest" / "run.py"
TABLES = ("ref.currencies", "ref.markets", "iam.organizations", "asset.sites", "crm.territories")


class Quiet:
    """A watcher that does not look."""

    def phase(self, text: str) -> None:
        """Ignored."""

    def rows(self, count: int) -> None:
        """Ignored."""


def ingest(target: Target, lake: Path, **scope: Any) -> Result:
    return load(target, storage(lake), read_manifest(storage(lake)), Scope(**scope), Quiet())


def differences(target: Target, lake: Path) -> list[str]:
    return [text for verdict in verify(target, storage(lake), read_manifest(storage(lake)), 2) for text in verdict.differences]


def small_lake(folder: Path, rows: int = 4, seed: int = 1, **other: pa.Table) -> Path:
    tables = {name: sound(name, rows) for name in TABLES}
    return make_lake(folder, {**tables, **{name.replace("__", "."): table for name, table in other.items()}}, seed)


def sound(name: str, rows: int) -> pa.Table:
    """Rows of which each refers to what the other tables of a small lake hold."""
    sampled = sample(name, rows)
    if name == "crm.territories":
        return with_values(sampled, parent_territory_id=[None, *range(rows - 1)], country_code=[None] * rows)
    return (
        with_values(sampled, currency_code=[f"currency_code {row}" for row in range(rows)])
        if name == "ref.markets"
        else sampled
    )


def rows_of(connection: psycopg.Connection, table: str) -> list[tuple[Any, ...]]:
    with connection.transaction(), acting_as(connection, "saltworks_transform"):
        return sorted(connection.execute(f"select * from raw_{table}".encode()).fetchall(), key=repr)


def row_versions(connection: psycopg.Connection, table: str) -> list[tuple[Any, ...]]:
    """Where each row lies and which transaction wrote it: the same as before means that nobody touched it."""
    with connection.transaction(), acting_as(connection, "saltworks_transform"):
        return connection.execute(f"select tableoid, ctid, xmin from raw_{table} order by 1, 2".encode()).fetchall()


def schemas(connection: psycopg.Connection) -> set[str]:
    return {row[0] for row in connection.execute("select nspname from pg_namespace where nspname !~ '^(pg_|information_)'")}


# What a load leaves.


@pytest.mark.parametrize("backfill", [True, False])
def test_the_tables_hold_the_rows_of_the_files(
    database: Target, connection: psycopg.Connection, tmp_path: Path, backfill: bool
) -> None:
    lake = small_lake(tmp_path / "lake")
    result = ingest(database, lake, backfill=backfill)
    assert (result.complete, result.failed, result.rows, result.rejected) == (True, [], 20, 0)
    for name in TABLES:
        assert rows_of(connection, name) == sorted((tuple(row.values()) for row in sound(name, 4).to_pylist()), key=repr)
    current = ledger.current_load(connection)
    assert current is not None
    assert (current.lake, current.preset, current.table_count, current.row_count) == (str(lake), "hand made", 5, 20)
    assert differences(database, lake) == []


def test_keys_comments_and_not_null_are_the_declared_ones(
    database: Target, connection: psycopg.Connection, tmp_path: Path
) -> None:
    ingest(database, small_lake(tmp_path / "lake"))
    constraints = connection.execute(
        "select conname, pg_get_constraintdef(pg_constraint.oid) from pg_constraint"
        " inner join pg_class on conrelid = pg_class.oid and relname = 'sites'"
        " inner join pg_namespace on relnamespace = pg_namespace.oid and nspname = 'raw_asset' where contype <> 'n'"
    ).fetchall()
    assert dict(constraints) == {
        "sites_pkey": "PRIMARY KEY (org_id, site_id)",
        "sites_org_id_fkey": "FOREIGN KEY (org_id) REFERENCES raw_iam.organizations(org_id)",
    }
    with connection.transaction():
        connection.execute("set local role saltworks_owner")
        described = connection.execute(
            "select obj_description('raw_asset.sites'::regclass), col_description('raw_asset.sites'::regclass, 1)"
        ).fetchone()
    assert described == (declared("asset.sites").description, declared("asset.sites").column("org_id").description)
    with pytest.raises(psycopg.errors.NotNullViolation), connection.transaction():
        connection.execute("set local role saltworks_ingest")
        connection.execute("update raw_ref.currencies set currency_name = null")


def test_a_new_foreign_key_looks_at_the_rows_of_all_organizations(
    database: Target, connection: psycopg.Connection, tmp_path: Path
) -> None:
    """Under forced policies PostgreSQL would add it without a look, and say that it holds."""
    ingest(database, small_lake(tmp_path / "lake"))
    with connection.transaction(), acting_as(connection, "saltworks_owner"):
        connection.execute("alter table raw_asset.sites drop constraint sites_org_id_fkey, no force row level security")
        connection.execute("update raw_asset.sites set org_id = 99 where org_id = 3")
        connection.execute("alter table raw_asset.sites force row level security")
    with pytest.raises(psycopg.errors.ForeignKeyViolation), connection.transaction():
        raw.add_foreign_keys(connection, [declared("asset.sites")], frozenset({"asset.sites", "iam.organizations"}))


def test_soiled_tables_have_no_keys_in_a_lake_with_dirt(
    database: Target, connection: psycopg.Connection, tmp_path: Path
) -> None:
    customers = sample("crm.customers", 3)
    lake = make_lake(tmp_path / "lake", {"crm.customers": pa.concat_tables([customers, customers.take([2, 1, 0])])})
    add_file(lake, "ref.currencies", "part-9.parquet", sample("ref.currencies", 2), dirt="hostile")
    for backfill in (True, False):
        assert ingest(database, lake, backfill=backfill, replace=True).complete
        assert len(rows_of(connection, "crm.customers")) == 6, "a row that stands twice comes twice"


# Loading again, another lake, and a lake that grows.


def test_the_same_lake_again_is_told_and_changes_nothing(
    database: Target, connection: psycopg.Connection, tmp_path: Path, capfd: Any
) -> None:
    lake = small_lake(tmp_path / "lake")
    assert main(["--lake", str(lake)]) == 0
    before = row_versions(connection, "asset.sites")
    assert main(["--lake", str(lake)]) == 0
    assert "already loaded" in capfd.readouterr().out
    assert row_versions(connection, "asset.sites") == before


def test_the_same_rows_in_another_file_change_nothing(database: Target, connection: psycopg.Connection, tmp_path: Path) -> None:
    lake = small_lake(tmp_path / "lake")
    ingest(database, lake)
    before = row_versions(connection, "ref.currencies")
    add_file(lake, "ref.currencies", "part-again.parquet", sample("ref.currencies", 4))
    assert ingest(database, lake).complete
    assert row_versions(connection, "ref.currencies") == before
    written = "select written_count from ingest.row_groups inner join ingest.files using (file_id) where path like '%again%'"
    assert connection.execute(written).fetchall() == [(0,)]


def test_a_grown_lake_loads_its_new_files_only(database: Target, connection: psycopg.Connection, tmp_path: Path) -> None:
    lake = small_lake(tmp_path / "lake")
    ingest(database, lake)
    before = row_versions(connection, "asset.sites")
    add_file(lake, "ref.currencies", "part-since-2026.parquet", sample("ref.currencies", 7)[4:], until="2026-02-01")
    assert not is_loaded(connection, storage(lake))
    result = ingest(database, lake)
    assert (len(result.outcomes), result.rows, result.complete) == (1, 3, True)
    assert row_versions(connection, "asset.sites") == before
    assert differences(database, lake) == []


def test_a_newer_state_of_a_row_wins_whichever_comes_first(
    database: Target, connection: psycopg.Connection, tmp_path: Path
) -> None:
    lake = small_lake(tmp_path / "lake")
    ingest(database, lake)
    now = sample("ref.currencies", 4).slice(0, 1)
    later = with_values(now, currency_name=["newer"], updated_at=[sample("ref.currencies", 9)["updated_at"][8].as_py()])
    for path, rows in (("part-b.parquet", later), ("part-c.parquet", with_values(now, currency_name=["older"]))):
        ingest(database, add_file(lake, "ref.currencies", path, rows))
        assert [row[1] for row in rows_of(connection, "ref.currencies") if row[0] == "currency_code 0"] == ["newer"]


def test_another_lake_is_refused_and_with_replace_takes_the_place(
    database: Target, connection: psycopg.Connection, tmp_path: Path
) -> None:
    ingest(database, small_lake(tmp_path / "first"))
    second = small_lake(tmp_path / "second", rows=3, seed=2)
    with pytest.raises(IngestError, match=r"rows of another lake \(seed: 1, now 2\).*--replace"):
        ingest(database, second)
    assert len(rows_of(connection, "asset.sites")) == 4
    assert ingest(database, second, replace=True).complete
    assert len(rows_of(connection, "asset.sites")) == 3


def test_a_table_that_somebody_dropped_is_loaded_again(
    database: Target, connection: psycopg.Connection, tmp_path: Path
) -> None:
    lake = small_lake(tmp_path / "lake")
    ingest(database, lake)
    with connection.transaction():
        connection.execute("set local role saltworks_owner")
        connection.execute("drop table raw_asset.sites cascade")
    assert ingest(database, lake).rows == 4
    assert differences(database, lake) == []


def test_a_schema_that_is_not_ours_is_not_touched(database: Target, connection: psycopg.Connection, tmp_path: Path) -> None:
    connection.execute("create schema raw_oms")
    connection.commit()
    with pytest.raises(IngestError, match="a schema raw_oms that this ingestion did not make"):
        ingest(database, small_lake(tmp_path / "lake"))


def test_a_table_of_another_version_is_named(database: Target, connection: psycopg.Connection, tmp_path: Path) -> None:
    lake = small_lake(tmp_path / "lake")
    ingest(database, lake)
    with connection.transaction():
        connection.execute("set local role saltworks_owner")
        connection.execute("alter table raw_asset.sites rename column city to town")
    with pytest.raises(IngestError, match=r"raw_asset\.sites has the columns .*town.*but the contract says .*city"):
        ingest(database, lake)


def test_reference_data_alone_leave_the_lake_incomplete(
    database: Target, connection: psycopg.Connection, tmp_path: Path
) -> None:
    lake = small_lake(tmp_path / "lake")
    assert main(["--lake", str(lake), "--init", "--populate-ref"]) == 0
    assert len(rows_of(connection, "ref.currencies")) == 4
    assert rows_of(connection, "asset.sites") == []
    assert ledger.current_load(connection) is None
    assert ingest(database, lake).complete


# Twice at once, and killed.


@pytest.mark.parametrize("backfill", [True, False])
def test_several_loaders_at_once_load_each_file_once(
    database: Target, connection: psycopg.Connection, tmp_path: Path, backfill: bool
) -> None:
    lake = small_lake(tmp_path / "lake", rows=30)
    ingest(database, make_lake(tmp_path / "none", {}))  # the tables stand; only the rows are raced for
    with ThreadPoolExecutor(3) as pool:
        results = list(pool.map(lambda _: ingest(database, lake, backfill=backfill), range(3)))
    assert all(result.complete for result in results)
    assert differences(database, lake) == []
    files = "select count(*), count(distinct path) from ingest.files where row_count > 0"
    assert connection.execute(files).fetchone() == (10, 10)


def test_kills_at_any_moment_lose_nothing_and_take_nothing_twice(database: Target, tmp_path: Path) -> None:
    """tests/python/kills.py does the same fifty times with a whole lake, and kills builds as well."""
    lake = small_lake(tmp_path / "lake", rows=10)
    add_file(lake, "meta.generation_manifest", "part-0.parquet", many_rows(100_000))
    moments = random.Random(1)
    for round_number in range(4):
        loader = subprocess.Popen([sys.executable, RUN, "--lake", lake, "--no-backfill"], stdout=subprocess.DEVNULL)
        with connect(database) as observer:
            observer.autocommit = True
            until(lambda: observer.execute("select to_regclass('ingest.files') is not null").fetchone() == (True,))
            time.sleep(moments.uniform(0.0, 0.8) if round_number else 0.0)
        loader.send_signal(signal.SIGKILL)
        loader.wait()
    assert ingest(database, lake).complete
    assert differences(database, lake) == []


def test_a_kill_during_the_fast_way_leaves_nothing_of_the_table(
    database: Target, connection: psycopg.Connection, tmp_path: Path
) -> None:
    lake = make_lake(tmp_path / "lake", {"meta.generation_manifest": many_rows(300_000)})
    connection.autocommit = True
    copied = "select count(*) from pg_stat_progress_copy where tuples_processed > 0 and datname = current_database()"
    loader = subprocess.Popen([sys.executable, RUN, "--lake", lake])
    until(lambda: connection.execute(copied).fetchone() == (1,))
    loader.send_signal(signal.SIGKILL)
    loader.wait()
    assert connection.execute("select count(*) from ingest.row_groups").fetchone() == (0,)
    assert ledger.current_load(connection) is None
    assert ingest(database, lake).complete
    assert differences(database, lake) == []


def many_rows(count: int) -> pa.Table:
    rows = sample("meta.generation_manifest", 1_000)
    rows = pa.concat_tables([rows] * (count // 1_000))
    return rows.set_column(0, rows.schema.field("path"), [pa.array(range(count)).cast(pa.string())])


def until(happens: Callable[[], bool], seconds: float = 60) -> None:
    deadline = time.monotonic() + seconds
    while not happens():
        assert time.monotonic() < deadline, "what the test waits for does not happen"
        time.sleep(0.005)


# Verification.


def test_verify_notices_a_changed_and_a_missing_row(database: Target, connection: psycopg.Connection, tmp_path: Path) -> None:
    lake = small_lake(tmp_path / "lake")
    ingest(database, lake)
    for damage, found in (
        ("update raw_ref.currencies set currency_name = 'x' where currency_code = 'currency_code 0'", "currency_name: sum"),
        ("delete from raw_crm.territories where territory_id = 3", "3 rows instead of 4"),
    ):
        with connection.transaction():
            connection.execute("set local role saltworks_ingest")
            connection.execute(damage.encode())
        assert any(text.startswith(found) for text in differences(database, lake))
    assert main(["--lake", str(lake), "--verify"]) == 1


def test_a_missing_manifest_says_which_command_makes_it(tmp_path: Path) -> None:
    with pytest.raises(LakeError, match=r"generators/run\.py"):
        read_manifest(storage(tmp_path))
