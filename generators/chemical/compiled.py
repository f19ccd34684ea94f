"""Compilation of the time loops: one place that fixes how numba is used, so that results are the same everywhere."""

from __future__ import annotations

import hashlib
import os
from collections.abc import Callable
from pathlib import Path
from typing import Any, TypeVar, cast

import numba
from numba.extending import register_jitable

Function = TypeVar("Function", bound=Callable[..., Any])


def compiled(function: Function) -> Function:
    """Compile with numba, cached on disk. No fastmath and no threads: both would make results depend on the machine.

    A division by zero gives what IEEE 754 says, as in NumPy: a check before each would cost a loop up to a third of its time.
    """
    return cast(Function, numba.njit(cache=True, error_model="numpy")(function))


def formula(function: Function) -> Function:
    """A formula for numbers and arrays alike: compiled into the time loops that use it, plain Python everywhere else."""
    return register_jitable(function)


def _cache_folder() -> str:
    """A folder per state of the sources: numba looks at a function's own file only, and would keep a stale time loop when
    something that it calls was changed in another.
    """
    digest = hashlib.blake2b(digest_size=8)
    for source in sorted(Path(__file__).parent.rglob("*.py")):
        digest.update(source.read_bytes())
    return str(Path(__file__).parent / "__pycache__" / f"numba-{digest.hexdigest()}")


os.environ.setdefault("NUMBA_CACHE_DIR", _cache_folder())
cast(Any, numba.config).reload_config()
