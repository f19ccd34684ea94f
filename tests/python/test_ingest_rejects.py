"""What is wrong with a file or a row is said in one clear message; the good rows are in."""

from collections.abc import Callable
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any

import psycopg
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from generators.engine.lake import read_manifest
from generators.engine.storage import storage
from ingest.connection import Target, connect
from ingest.run import main
from tests.python.small_lakes import add_file, make_lake, sample, sign_again, with_values
from tests.python.test_ingest_load import differences, ingest, rows_of, small_lake

SITES = "asset/sites/part-1.parquet"
DAY = date(2025, 12, 31)


def edit(lake: Path, path: str, change: Callable[[pa.Table], pa.Table]) -> None:
    """Change a file and sign the manifest again, so that only its content is wrong."""
    pq.write_table(change(pq.read_table(lake / path, partitioning=None)), lake / path, store_schema=False)
    sign_again(lake)


def rejects(connection: psycopg.Connection) -> list[tuple[str, int, str]]:
    """Table, row number and reason of every rejected row."""
    query = "select table_name, row_number, rejects.reason from ingest.rejects join ingest.files using (file_id) order by 1, 2"
    return connection.execute(query).fetchall()


# Files as a whole.


def rename(rows: pa.Table) -> pa.Table:
    return rows.rename_columns(["town" if name == "city" else name for name in rows.column_names])


def retype(rows: pa.Table) -> pa.Table:
    place = rows.column_names.index("site_id")
    return rows.set_column(place, pa.field("site_id", pa.int64(), nullable=False), rows["site_id"].cast(pa.int64()))


DRIFTS: dict[str, tuple[Callable[[pa.Table], pa.Table], str]] = {
    "missing": (lambda rows: rows.drop_columns(["city"]), "column city is missing"),
    "extra": (lambda rows: rows.append_column("mood", rows["city"]), "column mood is not declared"),
    "renamed": (rename, "column city is missing; column town is not declared"),
    "retyped": (retype, "column site_id is int64, expected int32"),
}


@pytest.mark.parametrize("name", DRIFTS)
def test_schema_drift_names_file_and_column_and_loads_nothing_of_the_file(
    database: Target, connection: psycopg.Connection, tmp_path: Path, name: str, capfd: Any
) -> None:
    lake = small_lake(tmp_path / "lake")
    change, message = DRIFTS[name]
    edit(lake, SITES, change)
    assert main(["--lake", str(lake)]) == 1
    assert f"{SITES}: asset.sites does not follow the contract: {message}" in capfd.readouterr().err
    assert len(rows_of(connection, "asset.sites")) == 2, "the other file is in"


def test_the_order_of_columns_and_other_spellings_of_a_type_are_no_drift(
    database: Target, connection: psycopg.Connection, tmp_path: Path
) -> None:
    lake = small_lake(tmp_path / "lake")
    text = pa.dictionary(pa.int32(), pa.string())
    edit(lake, SITES, lambda rows: rows.select(rows.column_names[::-1]))
    edit(
        lake,
        "asset/sites/part-0.parquet",
        lambda rows: rows.cast(
            pa.schema([f.with_type(text) if f.name == "city" else f.with_nullable(True) for f in rows.schema])
        ),
    )
    assert ingest(database, lake).complete
    assert differences(database, lake) == []


def truncate(path: Path, _: Path) -> None:
    path.write_bytes(path.read_bytes()[:-100])


def flip(path: Path, _: Path) -> None:
    content = bytearray(path.read_bytes())
    content[40] ^= 1
    path.write_bytes(content)


def remove(path: Path, _: Path) -> None:
    path.unlink()


def lead_outside(path: Path, elsewhere: Path) -> None:
    path.rename(elsewhere)
    path.symlink_to(elsewhere)


@pytest.mark.parametrize(
    ("damage", "reason"),
    [
        (truncate, "it cannot be read"),
        (flip, "it was changed after it was generated"),
        (remove, "the file is missing"),
        (lead_outside, "it lies outside the lake"),
    ],
)
def test_a_damaged_file_is_named_the_others_are_in_and_mended_it_comes_later(
    database: Target,
    connection: psycopg.Connection,
    tmp_path: Path,
    damage: Callable[[Path, Path], None],
    reason: str,
) -> None:
    lake = small_lake(tmp_path / "lake")
    content = (lake / SITES).read_bytes()
    damage(lake / SITES, tmp_path / "elsewhere")
    result = ingest(database, lake)
    assert [(outcome.entry.path, outcome.reason.startswith(reason)) for outcome in result.failed] == [(SITES, True)]
    assert not result.complete
    assert len(rows_of(connection, "asset.sites")) == 2
    (lake / SITES).unlink(missing_ok=True)
    (lake / SITES).write_bytes(content)
    assert ingest(database, lake).complete
    assert differences(database, lake) == []


def test_a_path_that_climbs_out_of_the_lake_is_refused(database: Target, tmp_path: Path) -> None:
    lake = small_lake(tmp_path / "lake")
    (tmp_path / "outside.parquet").write_bytes((lake / SITES).read_bytes())
    manifest = (lake / "manifest.json").read_text()
    (lake / "manifest.json").write_text(manifest.replace(SITES, "../outside.parquet"))
    assert [outcome.reason for outcome in ingest(database, lake).failed] == ["it lies outside the lake"]


def test_a_file_with_fewer_rows_than_promised_fails(database: Target, tmp_path: Path) -> None:
    lake = small_lake(tmp_path / "lake")
    edit(lake, SITES, lambda rows: rows.slice(0, 1))
    assert [outcome.reason for outcome in ingest(database, lake).failed] == ["it holds 1 rows, the manifest says 2"]


def test_tables_that_refer_to_a_failed_file_wait(database: Target, connection: psycopg.Connection, tmp_path: Path) -> None:
    """Otherwise their rows would be rejected for good."""
    lake = small_lake(tmp_path / "lake")
    content = (lake / "ref/currencies/part-1.parquet").read_bytes()
    truncate(lake / "ref/currencies/part-1.parquet", tmp_path)
    assert ingest(database, lake).waiting == {"ref.markets": ["ref.currencies"]}
    assert rows_of(connection, "ref.markets") == []
    (lake / "ref/currencies/part-1.parquet").write_bytes(content)
    assert ingest(database, lake).complete
    assert differences(database, lake) == []


# Rows.


# Table, number of the row, column, value, and the reason for which the row is rejected.
BAD_ROWS: list[tuple[str, int, str, Any, str]] = [
    ("crm.territories", 8, "parent_territory_id", 99, "parent_territory_id is not in crm.territories"),
    ("iam.users", 3, "user_kind", "robot", "user_kind is none of person, service"),
    ("iam.users", 8, "org_id", 77, "org_id is not in iam.organizations"),
    # Of two rows with one key, the newest stays.
    ("ref.currencies", 1, "", None, "its key (currency_code) stands in the row group again; the newest row is taken"),
    ("ref.currencies", 4, "currency_name", "a\0b", "currency_name holds a NUL character"),
    ("ref.currencies", 6, "currency_name", None, "currency_name is null"),
    ("ref.currencies", 7, "updated_at", datetime(1, 1, 1), "updated_at lies outside the years 1900 to 2199"),
    ("ref.currencies", 9, "updated_at", 2**62, "updated_at lies outside the years 1900 to 2199"),
    ("truth.demand_factors", 2, "factor", float("nan"), "factor is not a finite number; what is not known must be null"),
    ("truth.demand_factors", 5, "factor", float("inf"), "factor is not a finite number; what is not known must be null"),
]


def spoiled(rows: pa.Table, number: int, column: str, value: Any) -> pa.Table:
    """The rows with one other value, whatever the contract says of it."""
    place, field = rows.column_names.index(column), rows.schema.field(column).with_nullable(True)
    values = rows[column].cast(pa.int64()) if pa.types.is_timestamp(field.type) else rows[column]
    if isinstance(value, datetime):
        value = int((value - datetime(1970, 1, 1)).total_seconds()) * 1_000_000
    changed = [value if row == number - 1 else old for row, old in enumerate(values.to_pylist())]
    return rows.set_column(place, field, pa.array(changed, type=values.type).cast(field.type))


@pytest.mark.parametrize("backfill", [True, False])
def test_bad_rows_are_kept_with_their_reason_and_the_good_rows_are_in(
    database: Target, connection: psycopg.Connection, tmp_path: Path, backfill: bool
) -> None:
    lake = make_lake(tmp_path / "lake", {"iam.organizations": sample("iam.organizations", 12)})
    for table in sorted({bad[0] for bad in BAD_ROWS}):
        rows = sample(table, 12)
        if table == "crm.territories":
            rows = with_values(rows, parent_territory_id=[None] * 12, country_code=[None] * 12)
        if table == "ref.currencies":
            rows = with_values(rows, currency_code=["currency_code 11", *rows["currency_code"].to_pylist()[1:]])
        for _, number, column, value, _ in (bad for bad in BAD_ROWS if bad[0] == table and bad[2]):
            rows = spoiled(rows, number, column, value)
        add_file(lake, table, "part-0.parquet", sample(table, 12))
        pq.write_table(rows, lake / table.replace(".", "/") / "part-0.parquet", store_schema=False)
    sign_again(lake)
    result = ingest(database, lake, backfill=backfill, max_rejected=0.5)
    assert (result.complete, result.failed) == (True, [])
    assert rejects(connection) == [(table, number, reason) for table, number, _, _, reason in BAD_ROWS]
    assert len(rows_of(connection, "ref.currencies")) == 7
    assert differences(database, lake) == []
    kept = connection.execute("""select "row" ->> 'currency_name' from ingest.rejects where reason ~ 'NUL'""").fetchone()
    assert kept == ("a\N{SYMBOL FOR NULL}b",)


def test_too_many_rejects_fail_the_file_until_more_are_allowed(
    database: Target, connection: psycopg.Connection, tmp_path: Path, capfd: Any
) -> None:
    lake = small_lake(tmp_path / "lake")
    add_file(
        lake, "ref.currencies", "part-9.parquet", with_values(sample("ref.currencies", 9)[4:], currency_name=["\0", *"bcde"])
    )
    assert main(["--lake", str(lake)]) == 1
    said = capfd.readouterr().err
    assert "part-9.parquet: at least 1 of 5 rows are rejected, most often: currency_name holds a NUL character" in said
    assert rejects(connection) == [("ref.currencies", 1, "currency_name holds a NUL character")]
    assert main(["--lake", str(lake), "--max-rejected", "0.2"]) == 0
    assert "rejected 1 rows" in capfd.readouterr().out
    assert len(rows_of(connection, "ref.currencies")) == 8


# Readings: by day and organization.


def readings(org_id: int, tags: list[int], day: date = DAY, hour: int = 0) -> pa.Table:
    rows = sample("historian.readings", len(tags))
    return with_values(
        rows,
        org_id=[org_id] * len(tags),
        tag_id=tags,
        measured_at=[datetime(day.year, day.month, day.day, hour) + timedelta(seconds=n) for n in range(len(tags))],
        event_date=[day] * len(tags),
        file_id=[org_id] * len(tags),
        seq=[0] * len(tags),
        value=[float(n) for n in range(len(tags))],
    )


def historian(folder: Path) -> Path:
    """Two organizations, each with one site, plant, unit, file and two tags: 10 and 11 of the first, 20 and 21 of the other."""
    two = {"org_id": [1, 2]}
    tags = with_values(
        sample("asset.tags", 4),
        org_id=[1, 1, 2, 2],
        tag_id=[10, 11, 20, 21],
        unit_id=[1, 1, 2, 2],
        equipment_id=[1, 1, 2, 2],
        loop_id=[None] * 4,
    )
    return make_lake(
        folder,
        {
            "iam.organizations": with_values(sample("iam.organizations", 2), **two),
            "asset.sites": with_values(sample("asset.sites", 2), **two, site_id=[1, 2]),
            "asset.plants": with_values(sample("asset.plants", 2), **two, site_id=[1, 2], plant_id=[1, 2]),
            "asset.units": with_values(sample("asset.units", 2), **two, plant_id=[1, 2], unit_id=[1, 2]),
            "asset.equipment": with_values(sample("asset.equipment", 2), **two, unit_id=[1, 2], equipment_id=[1, 2]),
            "asset.tags": tags,
            "historian.ingest_files": with_values(sample("historian.ingest_files", 2), **two, unit_id=[1, 2], file_id=[1, 2]),
        },
    )


def add_readings(lake: Path, name: str, rows: pa.Table, org_id: int, day: date = DAY) -> Path:
    return add_file(lake, "historian.readings", f"event_date={day}/org_id={org_id}/{name}.parquet", rows)


@pytest.mark.parametrize("backfill", [True, False])
def test_readings_go_into_the_partition_of_their_day(
    database: Target, connection: psycopg.Connection, tmp_path: Path, backfill: bool
) -> None:
    lake = historian(tmp_path / "lake")
    add_readings(lake, "a", readings(1, [10, 11] * 6), 1)
    add_readings(lake, "b", readings(2, [20, 21] * 6), 2)
    add_readings(lake, "c", readings(1, [10] * 5, DAY - timedelta(days=1)), 1, DAY - timedelta(days=1))
    assert ingest(database, lake, backfill=backfill).complete
    with connection.transaction():
        connection.execute("set local role saltworks_owner")
        parts = connection.execute(
            "select inhrelid::regclass::text, relrowsecurity and relforcerowsecurity, relacl::text ~ 'saltworks_tenant'"
            " from pg_inherits inner join pg_class on inhrelid = pg_class.oid"
            " where inhparent = 'raw_historian.readings'::regclass order by 1"
        ).fetchall()
    assert parts == [(f"raw_historian.readings_2025_12_{day}", True, None) for day in (30, 31)], "closed, and given to nobody"
    # A late file of a day that is there goes the careful way.
    add_readings(lake, "late", readings(1, [10, 11], hour=9), 1)
    assert ingest(database, lake, backfill=backfill).rows == 2
    assert len(rows_of(connection, "historian.readings")) == 31
    assert differences(database, lake) == []


@pytest.mark.parametrize("backfill", [True, False])
def test_readings_of_unknown_tags_other_days_and_other_organizations_are_rejected(
    database: Target, connection: psycopg.Connection, tmp_path: Path, backfill: bool
) -> None:
    lake = historian(tmp_path / "lake")
    rows = pa.concat_tables(
        [
            readings(1, [10] * 40),
            readings(1, [99], hour=1),
            readings(2, [20], hour=2),
            with_values(readings(1, [10]), measured_at=[datetime(2026, 1, 1)]),
        ]
    )
    add_readings(lake, "a", rows, 1)
    assert ingest(database, lake, backfill=backfill).complete
    assert rejects(connection) == [
        ("historian.readings", 41, "tag_id is not in asset.tags"),
        (
            "historian.readings",
            42,
            "org_id is not 1, the organization of the file's folder; tag_id is not in asset.tags;"
            " file_id is not in historian.ingest_files",
        ),
        ("historian.readings", 43, "measured_at is not on 2025-12-31, the day of the file's folder"),
    ]
    assert len(rows_of(connection, "historian.readings")) == 40
    assert differences(database, lake) == []


def test_readings_in_no_day_s_or_organization_s_folder_fail(database: Target, tmp_path: Path) -> None:
    lake = historian(tmp_path / "lake")
    for hour, folder in enumerate(("event_date=yesterday/org_id=1", "org_id=1", "event_date=2025-12-31")):
        add_file(lake, "historian.readings", f"{folder}/a.parquet", readings(1, [10], hour=hour))
    failed = ingest(database, lake).failed
    assert len(failed) == 3
    assert all("the folder names no day or no organization" in outcome.reason for outcome in failed)


def test_a_load_for_one_organization_takes_its_rows_alone(
    database: Target, connection: psycopg.Connection, tmp_path: Path
) -> None:
    lake = historian(tmp_path / "lake")
    add_readings(lake, "a", readings(1, [10] * 3), 1)
    add_readings(lake, "b", readings(2, [20] * 3), 2)
    result = ingest(database, lake, org_id=1, max_rejected=1.0)
    assert not result.failed
    assert {row[0] for row in rows_of(connection, "historian.readings")} == {1}
    assert [row[0] for row in rows_of(connection, "asset.tags")] == [1, 1]
    reasons = {reason for table, _, reason in rejects(connection) if table == "asset.tags"}
    assert reasons == {"org_id is not 1, for which this load runs"}
    # What was not for that organization is not lost.
    assert ingest(database, lake).complete
    assert differences(database, lake) == []


def test_the_database_itself_refuses_rows_of_another_organization(database: Target, tmp_path: Path) -> None:
    """Should validation ever let one through: the job writes under row-level security."""
    lake = historian(tmp_path / "lake")
    ingest(database, lake)
    with connect(database) as connection, pytest.raises(psycopg.errors.InsufficientPrivilege, match="row-level security"):
        connection.execute("set local role saltworks_ingest")
        connection.execute("select set_config('ingest.org_id', '1', true)")
        connection.execute("update raw_asset.sites set org_id = 2")


def test_the_manifest_of_a_lake_with_an_undeclared_table_is_refused(database: Target, tmp_path: Path) -> None:
    lake = small_lake(tmp_path / "lake")
    text = (lake / "manifest.json").read_text().replace('"ref.currencies": {', '"ref.moods": {')
    (lake / "manifest.json").write_text(text)
    assert "ref.moods" in read_manifest(storage(lake)).tables
    assert main(["--lake", str(lake)]) == 1
