"""From a scenario to a finished lake: the families of its domains, their parts made by an executor, then the manifest."""

from __future__ import annotations

import time
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

import pyarrow as pa

from generators import __version__
from generators.engine.columns import rows_of
from generators.engine.executor import Job, executor
from generators.engine.lake import (
    FileEntry,
    Manifest,
    close_lake,
    open_lake,
    read_receipt,
    table_entries,
    write_chunk,
    writing,
)
from generators.engine.plan import Chunk, Family, Part
from generators.scenario import Scenario
from generators.terminal import progress


@dataclass(frozen=True)
class Summary:
    """What a run did. `kept_parts` were finished by an interrupted run before."""

    manifest: Manifest
    parts: int
    kept_parts: int
    seconds: float


def generate(scenario: Scenario, lake: Path, workers: int, resume: bool) -> Summary:
    """Make the lake of a scenario.

    Raises ScenarioError, before the lake is touched, when a family cannot be planned, and LakeError when the disk or an
    older lake stands in the way.
    """
    started = time.monotonic()
    jobs = [Job(lake, scenario, family, part) for family in families(scenario) for part in family.parts(scenario)]
    open_lake(lake, describe(scenario), resume)
    receipts = {job.part: read_receipt(lake, job.part) for job in jobs} if resume else {}
    remaining = [job for job in jobs if receipts.get(job.part) is None]
    files = [entry for receipt in receipts.values() if receipt is not None for entry in receipt]
    files += _execute(remaining, workers)
    with writing(lake, "the manifest"):
        manifest = _manifest(scenario, lake, files)
        close_lake(lake, manifest)
    return Summary(manifest, len(jobs), len(jobs) - len(remaining), time.monotonic() - started)


def families(scenario: Scenario) -> Sequence[Family[Scenario]]:
    """The table families of the scenario's domains."""
    found: list[Family[Scenario]] = []
    if "sales" in scenario.domains:
        from generators.sales.families import FAMILIES as SALES

        found += SALES
    if "chemical" in scenario.domains:
        from generators.chemical.families import FAMILIES as CHEMICAL

        found += CHEMICAL
    return found


def describe(scenario: Scenario) -> dict[str, Any]:
    """The scenario and the version as JSON: equal descriptions give equal lakes."""
    return {**asdict(scenario), "end": scenario.end.isoformat(), "domains": list(scenario.domains), "version": __version__}


def _execute(jobs: list[Job], workers: int) -> list[FileEntry]:
    """Make the parts, the largest first, so that no worker is left with a long one at the end."""
    jobs = sorted(jobs, key=lambda job: -job.part.expected_rows)
    files: list[FileEntry] = []
    with progress("generating", sum(job.part.expected_rows for job in jobs)) as advance:
        for outcome in executor(min(workers, max(len(jobs), 1)))(jobs):
            files += outcome.files
            advance(outcome.part.expected_rows)
    return files


def _manifest(scenario: Scenario, lake: Path, files: list[FileEntry]) -> Manifest:
    """Gather the manifest, and write it as a raw table as well, so that the warehouse can count against it."""
    part = Part("meta", "manifest", len(files))
    own = write_chunk(lake, part, Chunk("meta.generation_manifest", "part-000.parquet", _manifest_rows(scenario, files)))
    return Manifest(
        version=__version__,
        preset=scenario.preset,
        seed=scenario.seed,
        end=scenario.end.isoformat(),
        scenario=describe(scenario),
        tables=table_entries([*files, own]),
    )


def _manifest_rows(scenario: Scenario, files: list[FileEntry]) -> pa.Table:
    files = sorted(files, key=lambda entry: entry.path)
    horizon = datetime(scenario.end.year, scenario.end.month, scenario.end.day)
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
