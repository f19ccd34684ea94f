"""Text columns from numbers, without a Python string for every row."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray


def labelled(labels: Sequence[str], numbers: NDArray[np.int64]) -> pa.DictionaryArray:
    """The label of each number, as a dictionary of the labels."""
    return _encoded(tuple(labels)).take(pa.array(numbers))


@cache
def _encoded(labels: tuple[str, ...]) -> pa.DictionaryArray:
    return pa.array(labels).dictionary_encode()


def by_rows(rows: Sequence[NDArray[np.int64]], texts: Sequence[pa.Array]) -> pa.Array:
    """One column from pieces: `texts[i]` stands at `rows[i]`, and every row is in one piece."""
    order = np.argsort(np.concatenate(rows), kind="stable")
    return pa.concat_arrays(list(texts)).take(pa.array(order))
