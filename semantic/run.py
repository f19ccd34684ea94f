"""The command of the search: index what the plants know, search it, and measure how good that is."""

from __future__ import annotations

import argparse
import os
import sys
import time
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

ROOT = Path(__file__).resolve().parents[1]
if __name__ == "__main__":
    sys.path[0] = str(ROOT)  # `semantic` is imported from the project, wherever the command is run

from generators.terminal import fail  # noqa: E402 - needs the line above

if TYPE_CHECKING:
    import duckdb

    from semantic.lake import Organization
    from semantic.store import Condition

KINDS = ("tag", "equipment", "alarm", "alarm_episode", "log_entry", "work_order")
EMBEDDERS = ("minilm", "fastembed", "ngrams")
EXAMPLES = """\
examples:
  python semantic/run.py index                                       all organizations of the lake; again: what is new
  python semantic/run.py search --org halden_chemicals "how acidic is the broth"
  python semantic/run.py search --org 1 "12-TIC-101"                 a code is looked up exactly
  python semantic/run.py search --org 2 "valve sticks" --kind log_entry --since 2025-12-30 --with-readings
  python semantic/run.py search --org 2 --like log_entry:720453003   what else is like it?
  python semantic/run.py evaluate                                    recall, nDCG and MRR on labelled queries

The index lies in data/semantic (SALTWORKS_SEMANTIC), or on the Qdrant server that QDRANT_URL names.

exit codes: 0 done, 1 the data or the world was wrong, 2 the command was wrong, 130 interrupted
"""


def main(arguments: list[str] | None = None) -> int:
    """Run the command; returns its exit code: 0 done, 1 the world was wrong, 2 the command was wrong, 130 interrupted."""
    options = _parse(arguments)
    # Only now: --help need not wait for the engines.
    from generators.engine.lake import LakeError
    from semantic.errors import SemanticError

    try:
        return {"index": _index, "search": _search, "evaluate": _evaluate}[options.command](options)
    except (SemanticError, LakeError) as error:
        return fail(str(error), 1)
    except KeyboardInterrupt:
        return fail("interrupted; what was indexed is kept: run the same command again to go on", 130)


def _parse(arguments: list[str] | None) -> argparse.Namespace:
    described: dict[str, Any] = {"epilog": EXAMPLES, "formatter_class": argparse.RawDescriptionHelpFormatter}
    parser = argparse.ArgumentParser(
        prog="python semantic/run.py",
        description="Search tags, equipment, alarms, log entries and work orders by meaning, by words and by code.",
        **described,
    )
    commands = parser.add_subparsers(dest="command", required=True, metavar="index|search|evaluate")
    lake = _path("SALTWORKS_LAKE", "lake")
    shared = argparse.ArgumentParser(add_help=False)
    shared.add_argument("--lake", type=Path, default=lake, metavar="PATH", help="the lake (SALTWORKS_LAKE, or data/lake)")
    index = argparse.ArgumentParser(add_help=False)
    folder = _path("SALTWORKS_SEMANTIC", "semantic")
    index.add_argument(
        "--index", type=Path, default=folder, metavar="PATH", help="folder of the index (SALTWORKS_SEMANTIC, or data/semantic)"
    )
    index.add_argument("--embedder", choices=EMBEDDERS, help="default: that of the index, or else the best one installed")

    building = commands.add_parser(
        "index", parents=[shared, index], **described, help="index what is new or changed, remove what is gone"
    )
    building.add_argument("--org", metavar="ORG", help="only this organization (code or number)")
    building.add_argument("--rebuild", action="store_true", help="throw the index away first, of all organizations")

    searching = commands.add_parser("search", parents=[shared, index], **described, help="find something")
    searching.add_argument("text", nargs="?", metavar="QUERY", help="what to look for, in your own words or by its code")
    searching.add_argument("--org", required=True, metavar="ORG", help="the organization that asks (code or number)")
    searching.add_argument("--kind", action="append", choices=KINDS, help="only this kind; repeatable")
    searching.add_argument("--unit", metavar="UNIT", help="only this unit (code or name)")
    searching.add_argument("--since", type=_moment, metavar="TIME", help="only what happened since then, UTC; 2025-12-31T06:00")
    searching.add_argument("--limit", type=_positive, default=10, metavar="N", help="at most so many hits (10)")
    searching.add_argument("--like", metavar="DOCUMENT", help="what is like this document, in place of a query")
    searching.add_argument("--with-readings", action="store_true", help="the readings around each hit")
    searching.add_argument("--json", action="store_true", help="for programs, with the keys that join to the marts")

    evaluating = commands.add_parser("evaluate", parents=[shared], **described, help="measure the search on labelled queries")
    evaluating.add_argument(
        "--embedder", action="append", choices=EMBEDDERS, help="repeatable (default: all that are installed)"
    )
    evaluating.add_argument("--json", action="store_true", help="the figures for programs")

    options = parser.parse_args(arguments)
    if options.command == "search" and any(map(str.isalnum, options.text or "")) == bool(options.like):
        searching.error("say what to look for: either a QUERY or --like DOCUMENT")
    return options


def _path(variable: str, name: str) -> Path:
    return Path(os.environ.get(variable) or ROOT / "data" / name)


def _moment(text: str) -> float:
    try:
        moment = datetime.fromisoformat(text)
    except ValueError:
        raise argparse.ArgumentTypeError(f"{text} is not a time such as 2025-12-31 or 2025-12-31T06:00") from None
    return (moment if moment.tzinfo else moment.replace(tzinfo=UTC)).timestamp()


def _positive(text: str) -> int:
    if not text.isdecimal() or not 1 <= int(text) <= 1000:
        raise argparse.ArgumentTypeError(f"{text} is not a whole number from 1 to 1000")
    return int(text)


def _index(options: argparse.Namespace) -> int:
    from semantic.documents import documents_of
    from semantic.index import open_index
    from semantic.indexing import bring_up_to_date
    from semantic.lake import open_lake, organization, organizations
    from semantic.progress import Progress
    from semantic.store import TenantStore

    started = time.perf_counter()
    with open_lake(options.lake) as lake:
        chosen = [organization(lake, options.org)] if options.org else organizations(lake)
        with open_index(options.index, options.embedder, writes=True, rebuild=options.rebuild) as (engine, embedder):
            total = 0
            with Progress() as progress:
                for org in chosen:
                    store = TenantStore(engine, org.org_id)
                    outcome = bring_up_to_date(store, documents_of(lake, org.org_id), embedder, progress.of(org.code))
                    total += store.count()
                    print(
                        f"  {org.code:<22} {outcome.added:>9,} new {outcome.changed:>9,} changed"
                        f" {outcome.unchanged:>9,} as before {outcome.removed:>9,} removed"
                    )
                if not options.org:
                    left = sorted(set(engine.tenants()) - {org.org_id for org in chosen})
                    for org_id in left:
                        TenantStore(engine, org_id).erase()
                        print(f"  organization {org_id} is no longer in the lake: everything of it was erased")
                    if left:
                        engine.purge()
            engine.settle()
            seconds = time.perf_counter() - started
            print(
                f"{total:,} documents, embedder {embedder.name}, in {seconds:.1f} s"
                f"\nthe index is in {os.environ.get('QDRANT_URL') or options.index};"
                f' next: python semantic/run.py search --org {chosen[0].code} "level of the tank"'
            )
    return 0


def _search(options: argparse.Namespace) -> int:
    from semantic.display import as_json, console, print_hits
    from semantic.index import open_index
    from semantic.lake import open_lake, organization
    from semantic.readings import readings_around
    from semantic.retrieval import search, similar
    from semantic.store import TenantStore

    with open_lake(options.lake) as lake:
        org = organization(lake, options.org)
        conditions = _conditions(options, lake, org)
        with open_index(options.index, options.embedder) as (engine, embedder):
            store = TenantStore(engine, org.org_id)
            if options.like:
                hits = similar(store, options.like, conditions, options.limit)
            else:
                hits = search(store, embedder, options.text, conditions, options.limit)
            if not hits and not store.count():
                return fail(f"nothing of {org.code} is indexed: run `python semantic/run.py index --org {org.code}`", 1)
        readings = {}
        if options.with_readings:
            readings = {hit.id: readings_around(lake, options.lake, org.org_id, hit.payload) for hit in hits}
    if options.json:
        print(as_json(hits, readings))
    elif hits:
        print_hits(console(), hits, readings)
    else:
        print("nothing was found: ask for more kinds, another unit or a longer time")
    return 0


def _conditions(options: argparse.Namespace, lake: duckdb.DuckDBPyConnection, org: Organization) -> list[Condition]:
    from semantic.lake import unit_code
    from semantic.store import AnyOf, Since

    conditions: list[Condition] = []
    if options.kind:
        conditions.append(AnyOf("kind", tuple(options.kind)))
    if options.unit:
        conditions.append(AnyOf("unit_code", (unit_code(lake, org, options.unit),)))
    if options.since is not None:
        conditions.append(Since(options.since))
    return conditions


def _evaluate(options: argparse.Namespace) -> int:
    import json
    import tempfile

    from semantic.display import console, print_figures
    from semantic.documents import documents_of
    from semantic.embedded import EmbeddedEngine
    from semantic.embedders import installed, load_embedder
    from semantic.evaluation import SOURCES, evaluate, labelled_queries
    from semantic.indexing import bring_up_to_date
    from semantic.lake import open_lake, organizations
    from semantic.progress import Progress
    from semantic.store import TenantStore

    figures = {}
    with open_lake(options.lake, SOURCES) as lake:
        queries = labelled_queries(lake)
        for choice in options.embedder or installed():
            embedder = load_embedder(choice)
            with tempfile.TemporaryDirectory() as folder, Progress() as progress:
                engine = EmbeddedEngine(Path(folder), embedder.name, embedder.dimension, writes=True)
                for org in organizations(lake):
                    store = TenantStore(engine, org.org_id)
                    bring_up_to_date(store, documents_of(lake, org.org_id), embedder, progress.of(f"{choice} {org.code}"))
                figures[choice] = evaluate(engine, embedder, queries)
                engine.close()
    if options.json:
        print(json.dumps(figures, default=vars, indent=1))
    else:
        print_figures(console(), figures)
    return 0


if __name__ == "__main__":
    sys.exit(main())
