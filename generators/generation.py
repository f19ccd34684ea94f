"""From a scenario to a finished lake: the families of its domains, their parts made by an executor, then the manifest."""

from __future__ import annotations

import time
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import date, datetime
from datetime import time as time_of_day
from enum import Enum
from typing import Any

import pyarrow as pa

from generators import __version__
from generators.description import describe_lake
from generators.engine.columns import rows_of, schema_of
from generators.engine.executor import Executor, Job
from generators.engine.lake import (
    FileEntry,
    LakeError,
    Manifest,
    begun_scenario,
    close_lake,
    difference,
    extend_lake,
    open_lake,
    read_receipt,
    table_entries,
    table_folder,
    write_chunk,
    writing,
)
from generators.engine.plan import Chunk, Derived, Family, Part, Window
from generators.engine.run_record import RunRecord, write_run_record
from generators.engine.storage import Storage
from generators.scenario import Scenario, ScenarioError
from generators.terminal import progress

EMPTY_FILE = "part-empty.parquet"


@dataclass(frozen=True)
class Summary:
    """What a run made, and how it went."""

    manifest: Manifest
    run: RunRecord


class Mode(Enum):
    """What to do with a lake that is there already."""

    FRESH = "generate it anew"
    RESUME = "keep the finished parts of an interrupted run"
    GROW = "keep it, and append what happens until a later day"


def generate(scenario: Scenario, lake: Storage, executor: Executor, mode: Mode) -> Summary:
    """Make the lake of a scenario, or let it grow until a later day.

    Raises ScenarioError, before the lake is touched, when the scenario cannot be planned, and LakeError when the storage or
    an older lake stands in the way.
    """
    started = time.monotonic()
    _check_effects(scenario)
    steps = _steps(scenario, lake, mode)
    jobs = [job for window in _windows(steps) for job in _jobs(scenario, lake, window)]
    description = {**describe(scenario), "steps": steps}
    if mode is Mode.GROW and begun_scenario(lake) is not None:
        extend_lake(lake, description)
    else:
        open_lake(lake, description, mode is Mode.RESUME)
    receipts = {} if mode is Mode.FRESH else {job.receipt: read_receipt(lake, job.receipt) for job in jobs}
    remaining = [job for job in jobs if receipts.get(job.receipt) is None]
    files = [entry for receipt in receipts.values() if receipt is not None for entry in receipt]
    files += _execute(remaining, executor)
    with writing(lake, "the tables that sum up others"):
        files += _derive(scenario, lake, steps, files)
    with writing(lake, "the manifest"):
        files += _empty_tables(scenario, lake, files, mode)
        manifest = _manifest(scenario, lake, files)
        describe_lake(lake, manifest)
        close_lake(lake, manifest)
        run = RunRecord(round(time.monotonic() - started, 3), len(jobs), len(jobs) - len(remaining))
        write_run_record(lake, run)
    return Summary(manifest, run)


def _check_effects(scenario: Scenario) -> None:
    if scenario.without:
        from generators.sales.effects import EFFECT_NAMES

        unknown = [name for name in scenario.without if name not in EFFECT_NAMES]
        if unknown:
            raise ScenarioError(f"--without {unknown[0]}: no such effect; choose from {', '.join(EFFECT_NAMES)}")


def _steps(scenario: Scenario, lake: Storage, mode: Mode) -> list[str]:
    """The days until which the lake was, and will be, generated, one after the other."""
    until = scenario.until.isoformat()
    begun = None if mode is Mode.FRESH else begun_scenario(lake)
    if begun is None:
        return [until]
    steps: list[str] = begun["steps"]
    if mode is Mode.GROW:
        changed = difference(begun, {**describe(scenario), "until": begun["until"]})
        if changed:
            raise LakeError(
                f"{lake} was generated with another scenario ({changed}): use the same preset, seed, domains and"
                " configuration to let it grow, or choose another --lake"
            )
        if until < steps[-1]:
            raise LakeError(f"{lake} reaches until {steps[-1]} already: choose a later --until, or another --lake")
    return steps if until == steps[-1] or mode is Mode.RESUME else [*steps, until]


def _windows(steps: list[str]) -> list[Window]:
    days = [date.fromisoformat(step) for step in steps]
    return [Window(since, until) for since, until in zip([None, *days], days, strict=False)]


def _jobs(scenario: Scenario, lake: Storage, window: Window) -> list[Job]:
    return [
        Job(lake, scenario, family, part, window)
        for family in families(scenario)
        if window.since is None or family.grows
        for part in family.parts(scenario)
        if window.touches(part)
    ]


def derived(scenario: Scenario) -> Sequence[Derived[Scenario]]:
    """The tables of the scenario's domains that sum up others."""
    if "sales" in scenario.domains:
        from generators.sales.families import DERIVED

        return DERIVED
    return ()


def _derive(scenario: Scenario, lake: Storage, steps: list[str], files: list[FileEntry]) -> list[FileEntry]:
    """Make the tables that sum up others, window by window."""
    made: list[FileEntry] = []
    for family in derived(scenario):
        sources = sorted(entry.path for entry in files if entry.table == family.reads)
        for chunk in family.generate(scenario, map(lake.open, sources)):
            for window in _windows(steps):
                cut = window.cut(chunk)
                if cut.rows.num_rows:
                    made.append(write_chunk(lake, Part(family.name, "all", cut.rows.num_rows), cut))
    return made


def _empty_tables(scenario: Scenario, lake: Storage, files: list[FileEntry], mode: Mode) -> list[FileEntry]:
    """A file without rows for every table that has none: a small company may go without a single return.

    Once it is in a lake that grows, it stays.
    """
    declared = {table for family in families(scenario) for table in family.tables}
    declared |= {table for family in derived(scenario) for table in family.tables}
    missing = declared - {entry.table for entry in files}
    if mode is not Mode.FRESH:
        missing |= {table for table in declared if lake.exists(f"{table_folder(table)}/{EMPTY_FILE}")}
    part = Part("empty", "all", 0)
    return [write_chunk(lake, part, Chunk(table, EMPTY_FILE, schema_of(table).empty_table())) for table in sorted(missing)]


def families(scenario: Scenario) -> Sequence[Family[Scenario]]:
    """The table families of the scenario's domains."""
    found: list[Family[Scenario]] = []
    if "sales" in scenario.domains:
        from generators.sales.dirt import soiled
        from generators.sales.families import FAMILIES as SALES

        found += [soiled(family) for family in SALES]
    if "chemical" in scenario.domains:
        from generators.chemical.families import FAMILIES as CHEMICAL

        found += CHEMICAL
    return found


def describe(scenario: Scenario) -> dict[str, Any]:
    """The scenario and the version as JSON: equal descriptions give equal lakes."""
    return {
        **asdict(scenario),
        "end": scenario.end.isoformat(),
        "until": scenario.until.isoformat(),
        "domains": list(scenario.domains),
        "without": list(scenario.without),
        "version": __version__,
    }


def _execute(jobs: list[Job], executor: Executor) -> list[FileEntry]:
    """Make the parts, the largest first, so that no worker is left with a long one at the end."""
    jobs = sorted(jobs, key=lambda job: -job.part.expected_rows)
    files: list[FileEntry] = []
    with progress("generating", sum(job.part.expected_rows for job in jobs)) as advance:
        for outcome in executor(jobs):
            files += outcome.files
            advance(outcome.part.expected_rows)
    return files


def _manifest(scenario: Scenario, lake: Storage, files: list[FileEntry]) -> Manifest:
    """Gather the manifest, and write it as a raw table as well, so that the warehouse can count against it."""
    part = Part("meta", "manifest", len(files))
    own = write_chunk(lake, part, Chunk("meta.generation_manifest", "part-000.parquet", _manifest_rows(scenario, files)))
    return Manifest(
        version=__version__,
        preset=scenario.preset,
        seed=scenario.seed,
        end=scenario.until.isoformat(),
        scenario=describe(scenario),
        tables=table_entries([*files, own]),
    )


def _manifest_rows(scenario: Scenario, files: list[FileEntry]) -> pa.Table:
    files = sorted(files, key=lambda entry: entry.path)
    horizon = datetime.combine(scenario.until, time_of_day.min)
    return rows_of(
        "meta.generation_manifest",
        {
            "path": [entry.path for entry in files],
            "table_name": [entry.table for entry in files],
            "part": [entry.part for entry in files],
            "row_count": [entry.rows for entry in files],
            "byte_count": [entry.bytes for entry in files],
            "sha256": [entry.sha256 for entry in files],
            "preset": [scenario.preset] * len(files),
            "seed": [scenario.seed] * len(files),
            "version": [__version__] * len(files),
            "horizon_at": [horizon] * len(files),
        },
    )
