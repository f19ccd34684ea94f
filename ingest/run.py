"""The command of ingestion: the lake into PostgreSQL, a look at what is there, and the accounts of those who may see it."""

from __future__ import annotations

import argparse
import os
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
if __name__ == "__main__":
    sys.path[0] = str(ROOT)  # `ingest` is imported from the project, wherever the command is run

from generators.terminal import fail  # noqa: E402 - needs the line above
from ingest.access import command as access  # noqa: E402

EXAMPLES = """\
examples:
  python ingest/server.py start && python ingest/run.py     into the embedded server
  PGHOST=localhost PGPASSWORD=… python ingest/run.py        into a server of your own
  python ingest/run.py --lake /mnt/lake --verbose           another lake, each step told
  python ingest/run.py --check                              what is the server, what does it hold?
  python ingest/run.py --verify                             does it hold what the lake holds?

The same command again loads what is new, and goes on where it was interrupted. The connection is libpq's: PGHOST, PGPORT,
PGUSER, PGPASSWORD, PGDATABASE. Without PGHOST it is the embedded server.

exit codes: 0 done, 1 the data or the world was wrong, 2 the command was wrong, 130 interrupted
"""


def main(arguments: list[str] | None = None) -> int:
    """Run the command; returns its exit code: 0 done, 1 the world was wrong, 2 the command was wrong, 130 interrupted."""
    options = _parser().parse_args(arguments)
    # Only now: --help need not wait for Arrow.
    import psycopg

    from generators.engine.lake import LakeError
    from generators.engine.storage import StorageError
    from ingest.errors import IngestError

    try:
        status: int = options.run(options)
        return status
    except StorageError as error:
        return fail(str(error), 2)
    except (IngestError, LakeError) as error:
        return fail(str(error), 1)
    except psycopg.Error as error:
        return fail(f"PostgreSQL: {str(error).strip()}; what was loaded before is complete, run the command again", 1)
    except KeyboardInterrupt:
        return fail("interrupted; what was loaded before is complete, run the command again to go on", 130)


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="python ingest/run.py",
        description="Load the lake into PostgreSQL: every file once, with nothing lost and nothing twice.",
        epilog=EXAMPLES,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.set_defaults(run=_run)
    lake = os.environ.get("SALTWORKS_LAKE") or str(ROOT / "data" / "lake")
    parser.add_argument(
        "--lake", default=lake, metavar="PATH", help="the lake, a folder or s3://… (default: SALTWORKS_LAKE, or else data/lake)"
    )
    parser.add_argument("--verbose", action="store_true", help="tell each step")

    instead = parser.add_argument_group("instead of loading").add_mutually_exclusive_group()
    instead.add_argument("--init", action="store_true", help="only create schemas, tables, roles and policies")
    instead.add_argument("--check", action="store_true", help="show the server and what it holds")
    instead.add_argument("--verify", action="store_true", help="compare counts and totals of every table with the lake")

    loading = parser.add_argument_group("loading")
    loading.add_argument("--populate-ref", action="store_true", help="load the reference data alone (source ref)")
    loading.add_argument(
        "--org", type=int, metavar="ID", help="load the tables of one organization alone; refuse rows of others"
    )
    loading.add_argument(
        "--backfill",
        action=argparse.BooleanOptionalAction,
        default=True,
        help="build empty tables and days aside, several times faster (default), or go row group by row group",
    )
    loading.add_argument("--replace", action="store_true", help="drop the raw tables first: another lake takes their place")
    loading.add_argument("--workers", type=_count, default=2, metavar="N", help="connections that load at once (default: 2)")
    loading.add_argument(
        "--max-rejected",
        type=_share,
        default=0.1,
        metavar="SHARE",
        help="a file of which a greater share of the rows is rejected fails (default: 0.1)",
    )
    access.register(parser.add_subparsers(title="accounts", metavar="COMMAND"))
    return parser


def _count(text: str) -> int:
    if not text.isdigit() or int(text) == 0:
        raise argparse.ArgumentTypeError(f"must be a whole number from 1, not {text!r}")
    return int(text)


def _share(text: str) -> float:
    try:
        share = float(text)
    except ValueError:
        share = -1.0
    if not 0 <= share <= 1:
        raise argparse.ArgumentTypeError(f"must be a number from 0 to 1, not {text!r}")
    return share


def _run(options: argparse.Namespace) -> int:
    from rich.console import Console

    from generators.engine.storage import storage
    from ingest import check, initialise, summary
    from ingest.access import policies
    from ingest.connection import connect, target_from_environment

    lake = storage(options.lake)
    target = target_from_environment()
    if options.check:
        with connect(target) as connection:
            return 0 if check.show(connection, target, Console()) else 1
    if options.verify:
        return 0 if summary.verify(target, lake, options.workers, Console()) else 1
    if options.init:
        with connect(target) as connection:
            initialise.initialise(connection, print if options.verbose else lambda _: None)
            policies.renew(connection)
        print(f"ready: {target}")
        if not options.populate_ref:
            print("next: python ingest/run.py")
            return 0
    return 0 if summary.load(target, lake, options) else 1


if __name__ == "__main__":
    sys.exit(main())
