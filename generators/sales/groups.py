"""Groups of rows without sorting: their keys are small whole numbers, so flags and running counts do it."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray


def grouped(keys: NDArray[np.int64], count: int) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """The keys below `count` that occur, in ascending order, and the place of each row's key among them."""
    occurs = np.zeros(count, dtype=np.bool_)
    occurs[keys] = True
    place = np.cumsum(occurs) - 1
    return np.flatnonzero(occurs), place[keys]


def places(sizes: NDArray[np.int64]) -> NDArray[np.int64]:
    """The place of each row in its group, from 0, when groups of such sizes follow each other."""
    starts = np.cumsum(sizes) - sizes
    return np.asarray(np.arange(sizes.sum()) - np.repeat(starts, sizes))
