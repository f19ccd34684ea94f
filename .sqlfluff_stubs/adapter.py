"""Stands in for dbt's `adapter` while sqlfluff lints: a dispatched macro becomes a call of a function of its name."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any


def dispatch(name: str, package: str | None = None) -> Callable[..., Any]:
    """A stand-in for the macro: settings are empty, types are names, everything else is a call."""
    if name.endswith("_config"):
        return lambda *arguments: {}
    return lambda *arguments: f"{name}({', '.join(str(argument) for argument in arguments)})" if arguments else name
