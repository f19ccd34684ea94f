"""Data quality: what was spoilt on purpose against what the warehouse finds."""

from __future__ import annotations

from report.blocks import Figure, Section, count, section, table, words
from report.warehouse import AbsentError, NothingError, Warehouse


def draw(warehouse: Warehouse) -> Section:
    """The section."""
    text = (
        "Source systems send rows twice, late or without a customer, and instruments fail. The answer key has every defect"
        " that was put in; the warehouse looks for them without it, and two marts lay both side by side."
    )
    return section("Data quality", text, warehouse, [("Readings", _readings), ("Sales rows", _sales)])


def _readings(warehouse: Warehouse) -> Figure:
    try:
        rows = warehouse.rows("tag_defects").to_dicts()
    except NothingError as nothing:
        raise AbsentError("No defects were put into the readings of this lake.") from nothing
    injected, noticed = (sum(row[name] for row in rows) for name in ("injected", "noticed"))
    columns = (
        words("defect", "defect"),
        count("injected", "injected"),
        count("on an unhealthy day", "noticed"),
        count("found by this name", "named"),
        words("name of the verdict", "verdict"),
        count("tag-days so called without a defect", "without_defect"),
    )
    text = (
        f"A tag's day has one verdict, the worst; a milder defect of the same day hides behind it. Of {injected:,} defects"
        f" {noticed:,} touch a day that is called unhealthy. A verdict without a defect may have another cause:"
        " a fault of the process, a calibration."
    )
    return Figure("Readings", text, (table("Defects of readings, injected and found", columns, rows),))


def _sales(warehouse: Warehouse) -> Figure:
    try:
        rows = warehouse.rows("sales_dirt").to_dicts()
    except NothingError:
        text = "Nothing was spoilt in the sales rows of this lake, and nothing is found. The option --dirt spoils some."
        return Figure("Sales rows", text)
    columns = (
        words("table", "table_name"),
        words("defect", "defect"),
        count("rows injected", "injected"),
        count("rows found", "found"),
        words("what becomes of it", "outcome"),
    )
    text = (
        "Found without the answer key: by the quarantine, which refused them, or by staging, which mends what it can. What"
        " only comes late or out of order is not looked for."
    )
    return Figure("Sales rows", text, (table("Defects of sales rows, injected and found", columns, rows),))
