"""Negative controls: a raw table is corrupted in one way, and the test that guards against it goes red."""

from __future__ import annotations

import shutil
from pathlib import Path

import duckdb
import pytest

from tests.python.warehouse import Warehouse


def changed(column: str, value: str, where: str) -> str:
    """The rows with one column changed in some of them."""
    return f"select * replace (case when {where} then {value} else {column} end as {column}) from rows"


FIRST_ORDER = "order_id = (select min(order_id) from rows)"
FIRST_TAG = "tag_id = (select min(tag_id) from rows)"
FIRST_HOUR = "measured_at < (select min(measured_at) from rows) + interval 1 hour"

# The corruption is the select that replaces the raw table `rows`; the test is dbt's name of it.
CONTROLS = {
    "a line is lost": (
        "oms.order_lines",
        "select * from rows where not (line_no = 1 and order_id % 100 = 7)",
        "assert_order_counts_its_lines",
    ),
    "a header is one cent off": (
        "oms.orders",
        changed("net_amount", "cast(net_amount + 0.01 as decimal(18, 2))", FIRST_ORDER),
        "assert_order_total_is_the_sum_of_its_lines",
    ),
    "a payment came twice": (
        "fin.payments",
        "select * from rows union all select * replace (payment_id + 5 as payment_id) from rows where payment_id % 50 = 1",
        "assert_no_payment_exceeds_its_invoice",
    ),
    "payments before their invoices": (
        "fin.payments",
        "select * replace (received_at - interval 90 days as received_at, received_date - 90 as received_date) from rows",
        "assert_events_come_in_order",
    ),
    "an invoice whose order is unknown": (
        "fin.invoices",
        changed("order_id", "-1", "invoice_id % 1000 = 10"),
        "foreign_key_fin_invoices__order_id",
    ),
    "an order number given twice": (
        "oms.orders",
        f"select * from rows union all select * from rows where {FIRST_ORDER}",
        "source_unique_key_oms_orders_order_id",
    ),
    "every order three days later": (
        "oms.orders",
        "select * replace (order_date + 3 as order_date, ordered_at + interval 3 days as ordered_at) from rows",
        "assert_weekday_pattern_is_found_again",
    ),
    "a bad reading with a value": (
        "historian.readings",
        "select * replace (coalesce(value, 0.0) as value) from rows",
        "assert_bad_readings_have_no_value",
    ),
    "a reading between two steps of the instrument": (
        "historian.readings",
        changed("value", "value + 0.00033", FIRST_TAG),
        "assert_values_are_whole_multiples_of_the_resolution",
    ),
    "a reading twice": (
        "historian.readings",
        f"select * from rows union all (select * from rows where {FIRST_TAG} limit 1)",
        "assert_readings_are_unique",
    ),
    "readings lost on the way": (
        "historian.readings",
        f"select * from rows where not ({FIRST_TAG} and {FIRST_HOUR})",
        "assert_files_agree_with_their_readings",
    ),
}


def corrupted(lake: Path, table: str, select: str, target: Path) -> Path:
    """A copy of the lake without its manifest, in which one raw table is what `select` makes of `rows`."""
    shutil.copytree(lake, target, ignore=shutil.ignore_patterns("manifest.json", "_parts"))
    folder = target / table.replace(".", "/")
    with duckdb.connect() as connection:
        connection.execute(
            f"create table rows as select * from read_parquet('{folder}/**/*.parquet', hive_partitioning = false)"
        )
        shutil.rmtree(folder)
        folder.mkdir()
        connection.execute(f"copy ({select}) to '{folder}/part-000.parquet'")
    return target


@pytest.mark.parametrize("control", CONTROLS)
def test_a_corruption_turns_its_test_red(control: str, tiny_warehouse: Warehouse, tmp_path: Path) -> None:
    table, select, test = CONTROLS[control]
    warehouse = tiny_warehouse.with_lake(corrupted(tiny_warehouse.lake, table, select, tmp_path / "lake"), tmp_path)
    warehouse.dbt("build", "--select", f"+{test}", "--indirect-selection", "empty", check=False)
    assert warehouse.failed_nodes() == {test}


def test_an_intact_lake_leaves_every_test_green(tiny_warehouse: Warehouse) -> None:
    assert not tiny_warehouse.failed_nodes()
