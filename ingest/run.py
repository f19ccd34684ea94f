"""The command of ingestion: the lake into PostgreSQL, or a look at what is there."""

from __future__ import annotations

import argparse
import os
import sys
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
if __name__ == "__main__":
    sys.path[0] = str(ROOT)  # `ingest` is imported from the project, wherever the command is run

from generators.terminal import fail, megabytes  # noqa: E402 - needs the line above

EXAMPLES = """\
examples:
  python ingest/server.py start && python ingest/run.py     into the embedded server
  PGHOST=localhost PGPASSWORD=… python ingest/run.py        into a server of your own
  python ingest/run.py --lake /mnt/lake --verbose           another lake, each step told
  python ingest/run.py --check                              what is the server, what does it hold?

The connection is libpq's: PGHOST, PGPORT, PGUSER, PGPASSWORD, PGDATABASE. Without PGHOST it is the embedded server.
"""


def main(arguments: list[str] | None = None) -> int:
    """Run the command; returns its exit code: 0 done, 1 the world was wrong, 2 the command was wrong, 130 interrupted."""
    options = _parser().parse_args(arguments)
    # Only now: --help need not wait for Arrow.
    import psycopg

    from generators.engine.lake import LakeError
    from ingest.errors import IngestError

    try:
        return _check() if options.check else _load(options.lake.expanduser().resolve(), options.verbose)
    except (IngestError, LakeError) as error:
        return fail(str(error), 1)
    except psycopg.Error as error:
        return fail(f"PostgreSQL: {str(error).strip()}; nothing was changed", 1)
    except KeyboardInterrupt:
        return fail("interrupted; nothing was changed", 130)


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="python ingest/run.py",
        description="Load the lake into PostgreSQL: all of it, or nothing.",
        epilog=EXAMPLES,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    lake = Path(os.environ.get("SALTWORKS_LAKE") or ROOT / "data" / "lake")
    parser.add_argument(
        "--lake", type=Path, default=lake, metavar="PATH", help="the lake (default: SALTWORKS_LAKE, or else data/lake)"
    )
    parser.add_argument("--verbose", action="store_true", help="tell each step")
    parser.add_argument("--check", action="store_true", help="load nothing; show the server and what it holds")
    return parser


def _check() -> int:
    from rich.console import Console

    from ingest.check import show
    from ingest.connection import connect, target_from_environment

    target = target_from_environment()
    with connect(target) as connection:
        return 0 if show(connection, target, Console()) else 1


def _load(lake: Path, verbose: bool) -> int:
    from generators.engine.lake import read_manifest
    from ingest.connection import connect, target_from_environment
    from ingest.load import is_loaded, load
    from ingest.progress import Progress

    manifest = read_manifest(lake)
    target = target_from_environment()
    started = time.perf_counter()
    with connect(target) as connection:
        if is_loaded(connection, lake):
            print(f"already loaded: {lake}\n  in  {target}")
        else:
            rows = sum(entry.rows for entry in manifest.tables.values())
            size = sum(entry.bytes for entry in manifest.tables.values())
            with Progress(rows, verbose) as progress:
                load(connection, lake, manifest, progress)
            seconds = time.perf_counter() - started
            print(
                f"loaded {rows:,} rows of {len(manifest.tables)} tables ({megabytes(size)} of Parquet) in {seconds:.1f} s"
                f"\n  from  {lake}\n  into  {target}"
            )
    variables = 'eval "$(python ingest/server.py env)"; ' if target.is_embedded else ""
    print(f"next: {variables}dbt build --target postgres")
    return 0


if __name__ == "__main__":
    sys.exit(main())
