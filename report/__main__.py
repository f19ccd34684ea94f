"""The command: `python -m report` writes the page."""

from __future__ import annotations

import argparse
import os
import sys
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]

EXAMPLES = """\
examples:
  python -m report                                          data/warehouse.duckdb into target/report/index.html
  python -m report --output /tmp/page.html
  python -m report --warehouse my.duckdb --lake my/lake     another warehouse, and the lake that it was built from
  python -m report.scorecard                                the scorecard alone, on the terminal

exit codes: 0 done, 1 there is no warehouse to read or no place to write to, 2 the command was wrong
"""


def main(arguments: list[str] | None = None) -> int:
    """Write the page; returns the exit code."""
    options = _parse(arguments)
    from generators.engine.lake import LakeError, read_manifest
    from generators.engine.run_record import read_run_record
    from generators.engine.storage import StorageError, storage, write_atomically
    from generators.terminal import fail, megabytes
    from report.dbt_artifacts import read_dbt_run
    from report.page import render
    from report.warehouse import WarehouseError, open_warehouse

    started = time.monotonic()
    manifest = generation = None
    try:
        lake = storage(options.lake)
        manifest, generation = read_manifest(lake), read_run_record(lake)
    except (LakeError, StorageError) as error:
        if options.is_own_lake:
            return fail(str(error), 1)
    try:
        with open_warehouse(options.warehouse) as warehouse:
            page = render(warehouse, manifest, generation, read_dbt_run(options.artifacts))
        write_atomically(options.output, page.encode())
    except WarehouseError as error:
        return fail(str(error), 1)
    except OSError as error:
        return fail(f"cannot write {options.output}: {error.strerror}", 1)
    size = megabytes(len(page.encode()))
    print(f"the report is in {options.output} ({size}, {time.monotonic() - started:.1f} s): open it in a browser")
    return 0


def _parse(arguments: list[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        prog="python -m report",
        description="Write one page that shows what the warehouse holds and how real it is. It opens offline.",
        epilog=EXAMPLES,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    warehouse = Path(os.environ.get("SALTWORKS_DUCKDB") or ROOT / "data" / "warehouse.duckdb")
    lake = os.environ.get("SALTWORKS_LAKE") or str(ROOT / "data" / "lake")
    artifacts = Path(os.environ.get("DBT_TARGET_PATH") or ROOT / "target")
    output = ROOT / "target" / "report" / "index.html"
    parser.add_argument(
        "--warehouse", type=Path, default=warehouse, metavar="FILE", help="the DuckDB file (data/warehouse.duckdb)"
    )
    parser.add_argument("--lake", metavar="PATH", help="the lake it was built from, for its manifest (data/lake)")
    parser.add_argument(
        "--artifacts", type=Path, default=artifacts, metavar="PATH", help="where dbt keeps its artifacts (target)"
    )
    parser.add_argument("--output", type=Path, default=output, metavar="FILE", help="where to (target/report/index.html)")
    options = parser.parse_args(arguments)
    options.is_own_lake, options.lake = options.lake is not None, options.lake or lake
    return options


if __name__ == "__main__":
    sys.exit(main())
