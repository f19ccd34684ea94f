"""The realism scorecard of the warehouse, printed: each published fact, its band, and what this company measures."""

from __future__ import annotations

import argparse
import os
import sys
from pathlib import Path

import duckdb
from rich.console import Console
from rich.table import Table

ROOT = Path(__file__).resolve().parents[1]

QUERY = """
    select fact_id, statement, measured_value, low, high, unit, is_inside, is_binding
    from sales.fct_realism_scorecard
    order by is_inside, is_binding desc, fact_id
"""


def main(arguments: list[str] | None = None) -> int:
    """Print the scorecard; returns 1 when there is none to print or a binding fact is outside of its band."""
    parser = argparse.ArgumentParser(description=__doc__)
    default = Path(os.environ.get("SALTWORKS_DUCKDB") or ROOT / "data" / "warehouse.duckdb")
    parser.add_argument(
        "--warehouse", type=Path, default=default, metavar="FILE", help="the DuckDB file (data/warehouse.duckdb)"
    )
    warehouse = parser.parse_args(arguments).warehouse
    try:
        with duckdb.connect(str(warehouse), read_only=True) as connection:
            facts = connection.execute(QUERY).fetchall()
    except duckdb.Error as error:
        print(f"no scorecard in {warehouse} ({str(error).splitlines()[0]}): run `dbt build` first", file=sys.stderr)
        return 1
    table = Table(title="Published facts and this company")
    for column, side in (("fact", "left"), ("statement", "left"), ("measured", "right"), ("band", "right"), ("inside", "left")):
        table.add_column(column, justify="right" if side == "right" else "left")
    for fact_id, statement, measured, low, high, unit, is_inside, is_binding in facts:
        verdict = "yes" if is_inside else "[red]no, binding[/red]" if is_binding else "no"
        table.add_row(fact_id, statement, f"{float(measured):.3f}", f"{float(low):g} to {float(high):g} {unit}", verdict)
    console = Console()
    console.print(table)
    inside = sum(fact[6] for fact in facts)
    console.print(f"{inside} of {len(facts)} facts are inside their band ({100 * inside / max(len(facts), 1):.0f} %)")
    return int(any(fact[7] and not fact[6] for fact in facts))


if __name__ == "__main__":
    sys.exit(main())
