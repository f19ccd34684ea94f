"""Compilation of the time loops: one place that fixes how numba is used, so that results are the same everywhere."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeVar, cast

import numba

Function = TypeVar("Function", bound=Callable[..., Any])


def compiled(function: Function) -> Function:
    """Compile with numba, cached on disk. No fastmath and no threads: both would make results depend on the machine."""
    return cast(Function, numba.njit(cache=True)(function))
