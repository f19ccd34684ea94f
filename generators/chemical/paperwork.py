"""All that people write down about a unit's day, table by table."""

from __future__ import annotations

from typing import Any

from generators.chemical import answers, laboratory, logbook, maintenance
from generators.chemical.findings import findings_of
from generators.chemical.logbook import Headline
from generators.chemical.record import DayRecord
from generators.scenario import Scenario

TABLES = (
    "lims.samples",
    "cmms.work_orders",
    "cmms.work_order_events",
    "logbook.entries",
    "truth.faults",
    "truth.trips",
    "truth.logbook_subjects",
)

Row = dict[str, Any]


def of_day(
    record: DayRecord, pending: tuple[Headline, ...], scenario: Scenario
) -> tuple[dict[str, list[Row]], tuple[Headline, ...]]:
    """The rows of each table that follow from the day, and what is to be handed over on the next.

    A row comes to be at its `created_at`, which may lie some days after the record's.
    """
    findings = findings_of(record)
    samples = laboratory.of_day(record, findings, scenario)
    orders = maintenance.of_day(record, findings, scenario)
    entries, pending = logbook.of_day(record, findings, samples, orders, pending, scenario)
    rows: dict[str, list[Row]] = {
        "lims.samples": [sample.row() for sample in samples],
        "cmms.work_orders": [order.row() for order in orders],
        "cmms.work_order_events": [row for order in orders for row in order.event_rows()],
        "logbook.entries": [logbook.entry_row(entry, record) for entry in entries],
        "truth.faults": list(answers.faults(record)),
        "truth.trips": list(answers.trips(record)),
        "truth.logbook_subjects": [row for entry in entries for row in logbook.subject_rows(entry, record)],
    }
    return rows, pending
