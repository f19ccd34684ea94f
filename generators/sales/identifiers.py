"""Numbers that do not give away the order in which things came: a bijection on the whole numbers below a power of two."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from generators.engine.streams import stream

ROUNDS = 3


def scrambled(values: NDArray[np.int64], bits: int, seed: int, purpose: str) -> NDArray[np.int64]:
    """Distinct numbers below 2^bits for distinct `values` below 2^bits (bits from 2 to 31).

    Each round multiplies by an odd number modulo 2^bits and folds the high half onto the low one; both steps can be undone.
    """
    mask = (1 << bits) - 1
    keys = stream(seed, "identifiers", purpose).integers(0, 1 << bits, size=(ROUNDS, 2))
    mixed = values
    for multiplier, summand in keys.tolist():
        mixed = (mixed * (multiplier | 1) + summand) & mask
        mixed = mixed ^ (mixed >> (bits // 2 + bits % 2))
    return mixed
