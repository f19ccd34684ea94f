"""Dirt: every defect has its row in the answer key, nothing else differs, and staging brings the clean marts back."""

from __future__ import annotations

from pathlib import Path

import polars as pl
import pytest

from generators.sales.dirt import DEFECTS
from generators.scenario import DIRT
from generators.schema.catalog import table as declared
from tests.python.command import generate
from tests.python.engines import differences, marts, read_duckdb
from tests.python.warehouse import Warehouse, soiled_lake

SOILED = sorted(DEFECTS)

# Where the marts of a hostile lake cannot equal those of the clean one: letters that were lost are in no other table, and
# which representative took an order is not either.
NOT_REPAIRABLE = {
    "sales.dim_customers": {"customer_name"},
    "sales.dim_customer_versions": {"customer_name"},
    "sales.fct_orders": {"rep_id", "is_assisted"},
    "sales.fct_quota_attainment": {"order_count", "net_amount", "attainment_ratio", "is_attained"},
    "sales.fct_realism_scorecard": {"measured_value", "tolerance", "is_inside"},  # quotas, and discounts at quarter ends
}


def rows_of(lake: Path, table: str) -> pl.DataFrame:
    """The rows of a table in the order of its files, with their key as text."""
    files = sorted((lake / table.replace(".", "/")).rglob("*.parquet"))
    key = pl.concat_str([pl.col(column).cast(pl.String) for column in declared(table).key], separator="|")
    return pl.concat(
        [pl.read_parquet(file).with_columns(key.alias("row_key"), pl.lit(file.name).alias("file")) for file in files]
    )


def answers(lake: Path, table: str) -> pl.DataFrame:
    return (
        rows_of(lake, "truth.injected_defects")
        .filter(table_name=table)
        .drop("row_key")
        .with_columns(
            row_key=pl.read_parquet(sorted((lake / "truth/injected_defects").rglob("*.parquet"))).filter(table_name=table)[
                "row_key"
            ]
        )
    )


def test_every_kind_of_defect_is_there(hostile_lake: Path) -> None:
    for table in SOILED:
        assert set(answers(hostile_lake, table)["defect_kind"]) == {defect.kind for defect in DEFECTS[table]}, table


@pytest.mark.parametrize("table", SOILED)
def test_the_answer_key_explains_every_difference(table: str, tiny_lake: Path, hostile_lake: Path) -> None:
    clean, dirty, key = rows_of(tiny_lake, table), rows_of(hostile_lake, table), answers(hostile_lake, table)
    values = clean.columns[:-2]
    added = key.filter(pl.col("defect_kind").is_in(["duplicate", "stale_duplicate", "orphan"]))
    assert dirty.height == clean.height + added.height
    untouched = clean.join(key, on="row_key", how="anti").select(values).sort(values)
    assert dirty.join(key, on="row_key", how="anti").select(values).sort(values).equals(untouched)
    changed = key.filter(pl.col("column_name").is_not_null()).rows(named=True)
    for answer in changed:
        found = dirty.filter(row_key=answer["row_key"])[answer["column_name"]].cast(pl.String).to_list()
        assert answer["dirty_value"] in found
        assert answer["true_value"] != answer["dirty_value"]


def test_late_rows_come_in_files_of_their_own_and_others_last(hostile_lake: Path) -> None:
    events, key = rows_of(hostile_lake, "oms.order_events"), answers(hostile_lake, "oms.order_events")
    late = set(key.filter(defect_kind="late")["row_key"])
    assert late == set(events.filter(pl.col("file").str.starts_with("part-late"))["row_key"])
    moved = key.filter(defect_kind="out_of_order").join(events, on="row_key")
    assert moved.height > 100
    assert not events.filter(~pl.col("file").str.starts_with("part-late"))["occurred_at"].is_sorted()


def test_a_clean_lake_has_no_answers(tiny_lake: Path) -> None:
    assert rows_of(tiny_lake, "truth.injected_defects").height == 0


def test_dirt_hits_the_same_rows_however_the_lake_grew(tmp_path: Path) -> None:
    steps = ("--domain", "sales", "--until")
    at_once = soiled_lake(tmp_path / "at_once", "realistic", *steps, "2026-02-11")
    soiled_lake(tmp_path / "grown", "realistic", *steps, "2025-09-05")
    grown = soiled_lake(tmp_path / "grown", "realistic", *steps, "2026-02-11")
    for table in (*SOILED, "truth.injected_defects"):
        columns = [column.name for column in declared(table).columns]
        expected, found = (rows_of(lake, table).select(columns).sort(columns) for lake in (at_once, grown))
        assert found.equals(expected), table


def test_marts_of_a_dirty_lake_are_the_clean_ones_where_that_can_be(
    tiny_warehouse: Warehouse, hostile_warehouse: Warehouse
) -> None:
    found = {}
    for schema, name in marts(tiny_warehouse):
        if schema != "chemical" and name != "fct_row_defects":  # which holds the dirt itself
            clean, dirty = (read_duckdb(warehouse, schema, name) for warehouse in (tiny_warehouse, hostile_warehouse))
            columns = {difference.split(":")[0] for difference in differences(clean, dirty)}
            if columns:
                found[f"{schema}.{name}"] = columns
    assert found.keys() <= NOT_REPAIRABLE.keys()
    assert {name: columns - NOT_REPAIRABLE[name] for name, columns in found.items() if columns - NOT_REPAIRABLE[name]} == {}
    assert {"sales.dim_customers", "sales.fct_orders"} <= found.keys()  # the list is not longer than it must be


def test_only_rows_that_cannot_be_repaired_differ(
    tiny_warehouse: Warehouse, hostile_warehouse: Warehouse, hostile_lake: Path
) -> None:
    for mart, table in (("dim_customers", "crm.customers"), ("fct_orders", "oms.orders")):
        clean, dirty = (read_duckdb(warehouse, "sales", mart) for warehouse in (tiny_warehouse, hostile_warehouse))
        key = clean.columns[0]
        differing = clean.join(dirty, on=clean.columns, how="anti", nulls_equal=True)[key].cast(pl.String)
        assert set(differing) == set(answers(hostile_lake, table).filter(~pl.col("is_repairable"))["row_key"])


def test_an_unknown_level_is_refused(tmp_path: Path) -> None:
    done = generate("--preset", "tiny", "--lake", tmp_path / "lake", "--dirt", "filthy")
    assert done.returncode == 2
    assert all(level in done.stderr for level in DIRT)
