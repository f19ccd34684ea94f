"""How the last run on a lake went. It lies beside the manifest, which knows no clock: equal scenarios give equal manifests."""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass

from generators.engine.storage import Storage

RECORD = "run.json"


@dataclass(frozen=True)
class RunRecord:
    """What a run took. `kept_parts` were there before: finished by an interrupted run, or of a lake that grew."""

    seconds: float
    parts: int
    kept_parts: int


def write_run_record(lake: Storage, record: RunRecord) -> None:
    """Put the record in place of the last one. Raises OSError when the storage refuses."""
    lake.put(RECORD, json.dumps(asdict(record)).encode())


def read_run_record(lake: Storage) -> RunRecord | None:
    """The record of the last run, or None when there is none that could be read: a lake is whole without it."""
    try:
        return RunRecord(**json.loads(lake.read(RECORD)))
    except (OSError, ValueError, TypeError):
        return None
