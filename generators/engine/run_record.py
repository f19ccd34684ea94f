"""How the last run on a lake went. It lies beside the manifest, which knows no clock: equal scenarios give equal manifests."""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass
from pathlib import Path

from generators.engine.lake import write_atomically

RECORD = "run.json"


@dataclass(frozen=True)
class RunRecord:
    """What a run took. `kept_parts` were there before: finished by an interrupted run, or of a lake that grew."""

    seconds: float
    parts: int
    kept_parts: int


def write_run_record(root: Path, record: RunRecord) -> None:
    """Put the record in place of the last one. Raises OSError when the disk refuses."""
    write_atomically(root / RECORD, json.dumps(asdict(record)).encode())


def read_run_record(root: Path) -> RunRecord | None:
    """The record of the last run, or None when there is none that could be read: a lake is whole without it."""
    try:
        return RunRecord(**json.loads((root / RECORD).read_bytes()))
    except (OSError, ValueError, TypeError):
        return None
