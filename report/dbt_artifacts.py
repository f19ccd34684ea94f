"""What dbt left behind of its last run: how long it took, and which sources each mart stems from."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Any


@dataclass(frozen=True)
class DbtRun:
    """The last run of dbt, as far as its target folder tells."""

    nodes: int = 0
    seconds: float = 0.0
    sources_by_mart: dict[str, tuple[str, ...]] = field(default_factory=dict)


def read_dbt_run(folder: Path) -> DbtRun:
    """The last run whose artifacts are in the folder, or an empty one. Seconds are those of `dbt build` only."""
    results, manifest = _read(folder / "run_results.json"), _read(folder / "manifest.json")
    is_build = results.get("args", {}).get("which") == "build"
    return DbtRun(
        len(results["results"]) if is_build else 0,
        float(results["elapsed_time"]) if is_build else 0.0,
        _sources_by_mart(manifest) if manifest else {},
    )


def _read(path: Path) -> dict[str, Any]:
    try:
        content: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return {}
    return content


def _sources_by_mart(manifest: dict[str, Any]) -> dict[str, tuple[str, ...]]:
    parents: dict[str, list[str]] = manifest["parent_map"]

    @cache
    def stems_from(node: str) -> frozenset[str]:
        if node.startswith("source."):
            return frozenset({node.split(".")[2]})
        return frozenset[str]().union(*map(stems_from, parents.get(node, [])))

    models = (node for node in manifest["nodes"].values() if node["resource_type"] == "model")
    return {model["alias"]: tuple(sorted(stems_from(model["unique_id"]))) for model in models}
