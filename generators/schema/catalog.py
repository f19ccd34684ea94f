"""The catalogue of all sources: the one list that every reader of the raw contract starts from."""

from __future__ import annotations

from generators.schema import (
    alarm,
    asset,
    batch,
    cmms,
    crm,
    fin,
    historian,
    iam,
    lims,
    logbook,
    meta,
    mkt,
    oms,
    pim,
    ref,
    rma,
    truth,
    wms,
)
from generators.schema.table import Source, Table

SOURCES: tuple[Source, ...] = (
    ref.SOURCE,
    pim.SOURCE,
    crm.SOURCE,
    mkt.SOURCE,
    oms.SOURCE,
    wms.SOURCE,
    fin.SOURCE,
    rma.SOURCE,
    iam.SOURCE,
    asset.SOURCE,
    historian.SOURCE,
    alarm.SOURCE,
    batch.SOURCE,
    lims.SOURCE,
    cmms.SOURCE,
    logbook.SOURCE,
    truth.SOURCE,
    meta.SOURCE,
)

TABLES: dict[str, Table] = {table.qualified_name: table for source in SOURCES for table in source.tables}


def table(qualified_name: str) -> Table:
    """The table called `source.table`; raises KeyError with the known names when there is none."""
    try:
        return TABLES[qualified_name]
    except KeyError:
        raise KeyError(f"no raw table {qualified_name}; there are {', '.join(TABLES)}") from None


def dependency_order() -> list[Table]:
    """All tables, each after the tables that its foreign keys point at (self-references aside)."""
    ordered: dict[str, Table] = {}

    def visit(current: Table) -> None:
        for key in current.foreign_keys:
            if key.target not in ordered and key.target != current.qualified_name:
                visit(TABLES[key.target])
        ordered[current.qualified_name] = current

    for declared in TABLES.values():
        if declared.qualified_name not in ordered:
            visit(declared)
    return list(ordered.values())
