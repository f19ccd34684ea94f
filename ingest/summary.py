"""What the commands say: the end of a load, and the verdict on what was loaded."""

from __future__ import annotations

import argparse
import sys
import time

from rich.console import Console
from rich.table import Table as Grid

from generators.engine.lake import read_manifest
from generators.engine.storage import Storage
from generators.terminal import megabytes
from ingest import ledger
from ingest.connection import Target, connect
from ingest.load import Result, Scope, is_loaded
from ingest.load import load as load_lake
from ingest.progress import Progress
from ingest.verify import verify as verify_lake

MOST_LINES = 10


def load(target: Target, lake: Storage, options: argparse.Namespace) -> bool:
    """Load the lake and tell how it went; False when something of it is not in."""
    started = time.perf_counter()
    manifest = read_manifest(lake)
    if not options.replace:
        with connect(target) as connection:
            if is_loaded(connection, lake):
                print(f"already loaded: {lake}\n  in  {target}")
                _say_next(target)
                return True
    scope = Scope(
        sources=frozenset({"ref"}) if options.populate_ref else None,
        org_id=options.org,
        backfill=options.backfill,
        replace=options.replace,
        workers=options.workers,
        max_rejected=options.max_rejected,
    )
    rows = sum(entry.rows for entry in manifest.tables.values())
    with Progress(rows, options.verbose) as progress:
        result = load_lake(target, lake, manifest, scope, progress)
    seconds = time.perf_counter() - started
    size = sum(outcome.entry.bytes for outcome in result.outcomes)
    print(
        f"loaded {result.rows:,} rows of {len(result.outcomes) - len(result.failed):,} files ({megabytes(size)} of Parquet)"
        f" in {seconds:.1f} s\n  from  {lake}\n  into  {target}"
    )
    _tell_rejects(target, result)
    for outcome in result.failed[:MOST_LINES]:
        print(f"error: {outcome.entry.path}: {outcome.reason}", file=sys.stderr)
    if len(result.failed) > MOST_LINES:
        print(f"error: {len(result.failed) - MOST_LINES} more files failed: select * from ingest.files", file=sys.stderr)
    for table, obstacles in result.waiting.items():
        print(f"error: {table} waits: files of {', '.join(obstacles)} failed, to which it refers", file=sys.stderr)
    if result.complete:
        _say_next(target)
    return not result.failed and not result.waiting


def _tell_rejects(target: Target, result: Result) -> None:
    if not result.rejected or result.load_id is None:
        return
    print(f"rejected {result.rejected:,} rows: select * from ingest.rejects")
    with connect(target) as connection:
        for table, reason, count in ledger.reasons(connection, result.load_id)[:MOST_LINES]:
            print(f"  {count:>9,}  {table}: {reason}")


def _say_next(target: Target) -> None:
    variables = 'eval "$(python ingest/server.py env)"; ' if target.is_embedded else ""
    print(f"next: {variables}dbt build --target postgres")


def verify(target: Target, lake: Storage, workers: int, console: Console) -> bool:
    """Print a table of what the lake promises and the database holds; False when they differ anywhere."""
    manifest = read_manifest(lake)
    grid = Grid("raw table", "rows", "rejected", "verdict", title=f"{lake} in {target}", title_justify="left")
    differences = 0
    for verdict in verify_lake(target, lake, manifest, workers):
        differences += len(verdict.differences)
        grid.add_row(verdict.table, f"{verdict.rows:,}", f"{verdict.rejected:,}", "\n".join(verdict.differences) or "equal")
    console.print(grid)
    return differences == 0
