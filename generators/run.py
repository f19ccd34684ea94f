"""The command that generates a lake: preset → plan → execute → manifest → summary."""

from __future__ import annotations

import argparse
import os
import sys
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

ROOT = Path(__file__).resolve().parents[1]
if __name__ == "__main__":
    sys.path[0] = str(ROOT)  # `generators` is imported from the project, wherever the command is run
    os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")  # the cores are shared by processes; NumPy's idle threads only cost time

from generators.scenario import DIRT, DOMAINS, Scenario, ScenarioError, load_scenario  # noqa: E402 - needs the line above
from generators.terminal import duration, fail, megabytes, progress  # noqa: E402 - as above

if TYPE_CHECKING:
    from generators.engine.executor import Executor
    from generators.engine.storage import Storage
    from generators.generation import Summary

EXAMPLES = """\
examples:
  python generators/run.py                                the preset medium into data/lake
  python generators/run.py --preset tiny --lake /tmp/lake
  python generators/run.py --preset small --domain chemical --seed 7
  python generators/run.py --config my.toml               your own numbers over the preset's
  python generators/run.py --until 2026-03-01             append what happens until the day before; then `dbt build`
  python generators/run.py --without holiday              the same company in a world without public holidays
  python generators/run.py --dirt hostile                 duplicates, orphans, lost keys; staging mends or rejects them
  python generators/run.py --lake s3://bucket/lake        on an object store; AWS_ENDPOINT_URL, AWS_ACCESS_KEY_ID … say where
  python generators/run.py --executor spark --master spark://host:7077 --lake s3://bucket/lake     on a cluster
  python generators/run.py --resume                       finish a run that was interrupted
  python generators/run.py --verify                       check every file against the manifest
  python generators/run.py --describe                     write the descriptions of an older lake anew
  python generators/run.py --preset enterprise --plan     what it would take: rows, bytes, processor time, memory

then: dbt build
exit codes: 0 done, 1 the data or the world was wrong, 2 the command was wrong, 130 interrupted
"""


def main(arguments: list[str] | None = None) -> int:
    """Run the command; returns its exit code: 0 done, 1 the world was wrong, 2 the command was wrong, 130 interrupted."""
    options = _parse(arguments)
    try:
        return _run(options)
    except ScenarioError as error:
        return fail(str(error), 2)
    except KeyboardInterrupt:
        return fail("interrupted; finished parts are kept: run the same command with --resume to go on", 130)


def _run(options: argparse.Namespace) -> int:
    scenario = load_scenario(
        options.preset, options.seed, options.domains, options.config, options.until, tuple(options.without), options.dirt
    )

    from generators.engine.lake import LakeError
    from generators.engine.storage import StorageError, storage

    try:
        if options.plan:
            return _plan(scenario, options.workers or os.cpu_count() or 1)
        lake = storage(options.lake)
        if options.verify:
            return _verify(lake)
        return _describe(lake) if options.describe else _generate(scenario, lake, options)
    except StorageError as error:
        return fail(str(error), 2)
    except LakeError as error:
        return fail(str(error), 1)


def _parse(arguments: list[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        prog="python generators/run.py",
        description="Generate a lake of raw Parquet tables: a sales company and a fleet of chemical plants, from one seed.",
        epilog=EXAMPLES,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("--preset", default="medium", help="how much: tiny, small, medium (default), large, xlarge, enterprise")
    parser.add_argument("--config", type=Path, metavar="TOML", help="a file with your own numbers, laid over the preset's")
    parser.add_argument("--seed", type=int, default=1, metavar="N", help="the same seed gives the same lake (default: 1)")
    parser.add_argument("--lake", default=_default_lake(), metavar="PATH", help="where to: a folder, or s3://… (data/lake)")
    parser.add_argument("--domain", choices=DOMAINS, help="only one of the two worlds (default: both)")
    parser.add_argument("--workers", type=_positive, metavar="N", help="processes, or cores of a cluster (default: all)")
    parser.add_argument("--executor", choices=("local", "spark"), default="local", help="who makes the parts (default: local)")
    parser.add_argument("--master", metavar="URL", help="the cluster for --executor spark (default: local[*], this machine)")
    parser.add_argument(
        "--until",
        type=_day,
        metavar="DATE",
        help="let the world go on until the day before; appends to a lake that is there",
    )
    parser.add_argument("--without", action="append", default=[], metavar="EFFECT", help="switch one effect off; repeatable")
    parser.add_argument(
        "--dirt",
        choices=DIRT,
        default="none",
        help="spoil sales rows on their way to the lake (truth.injected_defects has each)",
    )
    parser.add_argument("--resume", action="store_true", help="keep the finished parts of an interrupted run")
    parser.add_argument("--verify", action="store_true", help="generate nothing: check the lake against its manifest")
    parser.add_argument(
        "--describe", action="store_true", help="generate nothing: write datapackage.json, croissant.json and their like anew"
    )
    parser.add_argument("--plan", action="store_true", help="generate nothing: print what it would take (docs/scaling.md)")
    options = parser.parse_args(arguments)
    if options.master and options.executor != "spark":
        parser.error("--master names a cluster for --executor spark")
    options.domains = (options.domain,) if options.domain else DOMAINS
    return options


def _default_lake() -> str:
    return os.environ.get("SALTWORKS_LAKE") or str(ROOT / "data" / "lake")


def _day(text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise argparse.ArgumentTypeError(f"{text} is not a day such as 2026-03-01") from None


def _positive(text: str) -> int:
    if not text.isdecimal() or int(text) < 1:
        raise argparse.ArgumentTypeError(f"{text} is not a whole number of at least 1")
    return int(text)


def _generate(scenario: Scenario, lake: Storage, options: argparse.Namespace) -> int:
    from generators.generation import Mode, generate

    mode = Mode.RESUME if options.resume else Mode.GROW if options.until else Mode.FRESH
    _print_summary(generate(scenario, lake, _executor(options), mode), lake, scenario.domains)
    return 0


def _executor(options: argparse.Namespace) -> Executor:
    if options.executor == "spark":
        from generators.engine.spark import spark

        return spark(options.master, options.workers)
    from generators.engine.executor import processes

    return processes(options.workers or os.cpu_count() or 1)


def _print_summary(summary: Summary, lake: Storage, domains: tuple[str, ...]) -> None:
    manifest, run = summary.manifest, summary.run
    rows = sum(entry.rows for entry in manifest.tables.values())
    size = sum(entry.bytes for entry in manifest.tables.values())
    width = max(len(name) for name in manifest.tables)
    for name, entry in manifest.tables.items():
        print(f"  {name:<{width}}  {entry.rows:>14,} rows  {megabytes(entry.bytes):>11}")
    kept = f", {run.kept_parts} of {run.parts} parts kept" if run.kept_parts else ""
    build = "dbt build" if domains == DOMAINS else f"dbt build --select +{domains[0]} --indirect-selection buildable"
    print(
        f"{manifest.preset}, seed {manifest.seed}: {rows:,} rows, {megabytes(size)} "
        f"in {run.seconds:.1f} s{kept}\nthe lake is in {lake}; next: {build}"
    )


def _plan(scenario: Scenario, workers: int) -> int:
    """Print what the lake of a scenario would take."""
    from generators.capacity import capacity, measured_runs

    planned = capacity(scenario, workers, measured_runs())
    total = planned.total
    width = max(len(name) for name in planned.tables)
    for name, amount in planned.tables.items():
        print(f"  {name:<{width}}  {amount.files:>11,} files  {amount.rows:>17,} rows  {megabytes(amount.bytes):>13}")
    print(
        f"{scenario.preset}, seed {scenario.seed}: {planned.parts:,} parts, {total.files:,} files, {total.rows:,} rows, "
        f"{megabytes(total.bytes)}\n"
        f"time: {duration(planned.cpu_seconds)} of processors like the measured one, "
        f"{duration(planned.wall_seconds)} with --workers {workers} and a core for each\n"
        f"memory: {planned.worker_megabytes:,.0f} MB for each worker, {planned.driver_megabytes:,.0f} MB for the manifest\n"
        "nothing was generated"
    )
    return 0


def _verify(lake: Storage) -> int:
    """Check every file of the lake against its manifest; returns 1 when any is wrong, naming it."""
    from generators.engine.lake import read_manifest, unlisted, verify

    manifest = read_manifest(lake)
    size = sum(entry.bytes for entry in manifest.files)
    faults = []
    with progress("verifying", size) as advance:
        for entry, fault in verify(lake, manifest):
            if fault:
                faults.append(f"{lake.address_of(entry.path)}: {fault}")
            advance(entry.bytes)
    faults += [f"{lake.address_of(path)}: it is not in the manifest" for path in unlisted(lake, manifest)]
    if faults:
        return fail("\n".join([*faults, "run the generation again with --resume to mend the lake"]), 1)
    count = sum(1 for _ in manifest.files)
    print(f"{lake} is intact: {count:,} files, {megabytes(size)}, preset {manifest.preset}, seed {manifest.seed}")
    return 0


def _describe(lake: Storage) -> int:
    """Write what the lake says of itself, as every generation does at its end."""
    from generators.description import describe_lake
    from generators.engine.lake import read_manifest, writing

    manifest = read_manifest(lake)
    with writing(lake, "its description"):
        describe_lake(lake, manifest)
    print(f"described {len(manifest.tables)} tables in {lake}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
