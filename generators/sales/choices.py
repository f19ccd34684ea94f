"""Choosing by fixed shares."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray


def choice(shares: Sequence[float], uniform: NDArray[np.float64]) -> NDArray[np.int64]:
    """The number of the option that each uniform number in [0, 1) falls on; the last takes what `shares` lack of 1."""
    numbers = np.zeros(len(uniform), dtype=np.int64)
    for edge in np.cumsum(shares)[:-1]:
        numbers += uniform >= edge  # for a handful of options faster than searchsorted
    return numbers


def chosen(options: Sequence[tuple[int, float]], uniform: NDArray[np.float64]) -> NDArray[np.int64]:
    """The value of the option, out of (value, share), that each uniform number falls on."""
    return np.array([value for value, _ in options], dtype=np.int64)[choice([share for _, share in options], uniform)]
