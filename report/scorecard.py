"""The realism scorecard of the warehouse, printed: each published fact, its band, and what this company measures."""

from __future__ import annotations

import argparse
import os
import sys
from collections import Counter
from decimal import Decimal
from pathlib import Path

from generators.terminal import fail

ROOT = Path(__file__).resolve().parents[1]

QUERY = """
    select fact_id, statement, scope, measured_value, tolerance, low, high, unit, is_inside, is_binding
    from sales.fct_realism_scorecard
    order by is_inside, is_binding desc, fact_id
"""


EXAMPLES = """\
examples:
  python -m report.scorecard                                   of data/warehouse.duckdb
  python -m report.scorecard --warehouse /tmp/tiny.duckdb

exit codes: 0 every binding fact is inside its band, 1 one is not or there is no warehouse, 2 the command was wrong
"""


def _band(low: Decimal, high: Decimal | None, tolerance: Decimal, unit: str) -> str:
    first = f"{float(low):g}"
    band = f"from {first}" if high is None else first if high == low else f"{first} to {float(high):g}"
    return f"{band} {unit}" + (f" (± {tolerance:.3f})" if tolerance >= Decimal("0.0005") else "")


def main(arguments: list[str] | None = None) -> int:
    """Print the scorecard; returns 1 when there is none to print or a binding fact is outside of its band."""
    parser = argparse.ArgumentParser(
        prog="python -m report.scorecard",
        description=__doc__,
        epilog=EXAMPLES,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    default = Path(os.environ.get("SALTWORKS_DUCKDB") or ROOT / "data" / "warehouse.duckdb")
    parser.add_argument(
        "--warehouse", type=Path, default=default, metavar="FILE", help="the DuckDB file (data/warehouse.duckdb)"
    )
    warehouse = parser.parse_args(arguments).warehouse
    # Only now: --help need not wait for them.
    import duckdb
    from rich.console import Console
    from rich.table import Table

    from report.warehouse import WarehouseError, connected

    try:
        with connected(warehouse) as connection:
            facts = connection.execute(QUERY).fetchall()
    except WarehouseError as error:
        return fail(str(error), 1)
    except duckdb.Error as error:
        return fail(f"no scorecard in {warehouse} ({str(error).splitlines()[0]}): run `dbt build` first", 1)
    table = Table(title="Published facts and this company", caption="in brackets: the sampling error that is allowed")
    for column, is_number in (("fact", 0), ("statement", 0), ("observed on", 0), ("measured", 1), ("band", 1), ("inside", 0)):
        table.add_column(column, justify="right" if is_number else "left")
    scopes, inside_by_scope, is_broken = Counter[str](), Counter[str](), False
    for fact_id, statement, scope, measured, tolerance, low, high, unit, is_inside, is_binding in facts:
        verdict = "yes" if is_inside else "[red]no, binding[/red]" if is_binding else "no"
        table.add_row(fact_id, statement, scope, f"{measured:.3f}", _band(low, high, tolerance, unit), verdict)
        scopes[scope] += 1
        inside_by_scope[scope] += is_inside
        is_broken |= is_binding and not is_inside
    console = Console(width=max(Console().width, 160))
    console.print(table)
    summary = Table(title="Inside their band")
    summary.add_column("observed on")
    summary.add_column("facts", justify="right")
    summary.add_column("inside", justify="right")
    for scope, count in [*sorted(scopes.items()), ("all", len(facts))]:
        inside = inside_by_scope.total() if scope == "all" else inside_by_scope[scope]
        summary.add_row(scope, str(count), f"{inside} ({100 * inside / max(count, 1):.0f} %)")
    console.print(summary)
    return int(is_broken)


if __name__ == "__main__":
    sys.exit(main())
