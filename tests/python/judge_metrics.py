"""The metrics of both worlds, judged by MetricFlow: their definitions are valid, and they say what the marts themselves say."""

from __future__ import annotations

import csv
from dataclasses import dataclass
from pathlib import Path

import duckdb
import pytest

from tests.python.environments import run_in
from tests.python.warehouse import ROOT, Warehouse

PROJECT = ("dbt_project.yml", "profiles.yml", "models", "macros", "seeds", "tests", "analyses")

# Each metric over all time, and the same from the marts.
TOTALS = {
    "revenue": "select sum(net_amount_eur) from sales.fct_revenue_by_day",
    "orders": "select count(*) from sales.fct_orders where not is_cancelled",
    "gross_margin": """
        select (select sum(gross_amount_eur * net_amount / nullif(gross_amount, 0)) from sales.fct_invoices)
            - sum(debit_amount - credit_amount)
        from sales.fct_general_ledger where account_name = 'cost_of_sales'""",
    "return_rate": """
        select count(*) filter (where has_return) / count(*) filter (where delivery_count > 0)
        from sales.fct_order_fulfilment""",
    "quota_attainment": """
        select sum(target_amount_eur * attainment_ratio) / sum(target_amount_eur) from sales.fct_quota_attainment""",
    "on_time_delivery": "select avg(case when is_late then 0 else 1 end) from sales.fct_shipments where is_delivered",
    "uptime_percent": """
        select 100 * (1 - coalesce(sum(lost_hours), 0) / (
            select 24 * count(*) from (select distinct unit_id, health_date from chemical.fct_tag_health)))
        from chemical.fct_unit_downtime""",
    "alarm_rate": """
        select sum(annunciation_count) / sum(observed_day_count)
        from chemical.fct_alarm_performance where figure = 'alarms_per_day'""",
    "percent_good": "select avg(percent_good) from chemical.fct_tag_health",
    "loop_variability": """
        select sum(variability_percent * controlled_seconds) / sum(controlled_seconds)
        from chemical.fct_control_loop_performance where variability_percent is not null""",
    "batch_yield": "select avg(yield_percent_of_golden) from chemical.fct_batches where ended_at is not null",
}

# Days sales outstanding at each month end after the first quarter, when there are 90 days of invoices to compare with.
DAYS_SALES_OUTSTANDING = """
    select cast(date_trunc('month', month_end_date) as date) as month, 90 * sum(open_amount_eur) / (
        select sum(gross_amount_eur) from sales.fct_invoices
        where invoice_date > month_end_date - interval 90 day and invoice_date <= month_end_date
    ) as days
    from sales.fct_receivables_aging
    where month_end_date > (select min(invoice_date) + interval 90 day from sales.fct_invoices)
    group by month_end_date
"""


@dataclass(frozen=True)
class MetricFlow:
    """MetricFlow on a warehouse, in a folder that stands for the project and takes all that it writes."""

    warehouse: Warehouse
    folder: Path

    def run(self, *command: object) -> str:
        """Run `dbt` or `mf` in their own environment; returns what they print."""
        variables = {
            "SALTWORKS_LAKE": self.warehouse.lake,
            "SALTWORKS_DUCKDB": self.warehouse.database,
            "DBT_TARGET_PATH": "target",
            "DBT_LOG_PATH": "logs",
        }
        done = run_in("metricflow", *command, folder=self.folder, **variables)
        assert done.returncode == 0, done.stdout[-3000:] + done.stderr[-3000:]
        return done.stdout

    def query(self, metrics: str, *options: str) -> list[dict[str, str]]:
        """The rows of a query, as text."""
        answer = self.folder / "answer.csv"
        self.run("mf", "query", "--metrics", metrics, *options, "--csv", answer)
        with answer.open(newline="") as file:
            return list(csv.DictReader(file))


@pytest.fixture(scope="module")
def metricflow(tiny_warehouse: Warehouse, tmp_path_factory: pytest.TempPathFactory) -> MetricFlow:
    """MetricFlow after dbt has parsed the project without a warning. It looks for dbt's work in the project's own `target`."""
    folder = tmp_path_factory.mktemp("metricflow")
    for name in PROJECT:
        (folder / name).symlink_to(ROOT / name)
    judge = MetricFlow(tiny_warehouse, folder)
    judge.run("dbt", "--warn-error", "parse")
    return judge


def answered(warehouse: Warehouse, question: str) -> list[tuple[object, ...]]:
    with duckdb.connect(str(warehouse.database), read_only=True) as connection:
        return connection.execute(question).fetchall()


def test_the_definitions_are_valid(metricflow: MetricFlow) -> None:
    assert "ERRORS: 0" in metricflow.run("mf", "validate-configs")


def test_the_metrics_say_what_the_marts_say(metricflow: MetricFlow) -> None:
    (row,) = metricflow.query(",".join(TOTALS))
    found = {name: float(row[name] or "nan") for name in TOTALS}
    expected = {}
    for name, question in TOTALS.items():
        ((value,),) = answered(metricflow.warehouse, question)
        expected[name] = float("nan" if value is None else str(value))
    assert found == pytest.approx(expected, rel=1e-9, nan_ok=True)


def test_days_sales_outstanding_at_month_ends(metricflow: MetricFlow) -> None:
    rows = metricflow.query("days_sales_outstanding", "--group-by", "metric_time__month")
    found = {row["metric_time__month"][:10]: float(row["days_sales_outstanding"] or "nan") for row in rows}
    expected = {str(month): float(str(days)) for month, days in answered(metricflow.warehouse, DAYS_SALES_OUTSTANDING)}
    assert len(expected) >= 6
    assert {month: found[month] for month in expected} == pytest.approx(expected, rel=1e-9)


def test_revenue_by_country_and_quarter(metricflow: MetricFlow) -> None:
    rows = metricflow.query("revenue", "--group-by", "metric_time__quarter,revenue_day__country_code")
    found = {(row["metric_time__quarter"][:10], row["revenue_day__country_code"]): float(row["revenue"]) for row in rows}
    question = """
        select cast(date_trunc('quarter', order_date) as date), country_code, sum(net_amount_eur)
        from sales.fct_revenue_by_day group by all"""
    expected = {(str(day), country): float(str(value)) for day, country, value in answered(metricflow.warehouse, question)}
    assert found == pytest.approx(expected, rel=1e-9)
