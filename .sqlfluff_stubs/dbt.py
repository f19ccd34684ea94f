"""Stands in for dbt's own cross-database macros while sqlfluff lints."""

from __future__ import annotations

from collections.abc import Callable

from adapter import dispatch


def __getattr__(name: str) -> Callable[..., str]:
    return dispatch(name)
