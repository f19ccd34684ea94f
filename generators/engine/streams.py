"""Named random streams: the only source of randomness.

A stream is determined by the seed, the table, the purpose and the part. Two purposes never share one, so that a new column
changes no other column, and no part depends on which others ran before it.
"""

from __future__ import annotations

import hashlib

import numpy as np
from numpy.typing import NDArray


def stream(seed: int, table: str, purpose: str, part: str = "") -> np.random.Generator:
    """A generator that is independent of every other (table, purpose, part) of the same seed."""
    name = "\x1f".join((str(seed), table, purpose, part))
    digest = hashlib.blake2b(name.encode(), digest_size=32).digest()
    return np.random.Generator(np.random.SFC64(np.frombuffer(digest, dtype=np.uint32)))


def uniform_at(seed: int, table: str, purpose: str, *keys: NDArray[np.int64]) -> NDArray[np.float64]:
    """Uniform numbers in [0, 1) that belong to keys: the same keys give the same number, wherever it is asked for.

    For facts that many parts need and nobody wants to list, such as whether a delivery is late. `keys` are broadcast.
    """
    state = np.asarray(stream(seed, table, purpose).integers(0, 2**63), dtype=np.uint64)
    for key in keys:
        state = _mixed(state ^ _mixed(key.astype(np.uint64)))
    return np.asarray((state >> np.uint64(11)) * 2.0**-53)


def _mixed(values: NDArray[np.uint64]) -> NDArray[np.uint64]:
    """The output function of SplitMix64 (Steele, Lea and Flood 2014), modulo 2^64."""
    mixed = np.asarray(values + np.uint64(0x9E3779B97F4A7C15))
    mixed ^= mixed >> np.uint64(30)
    mixed *= np.uint64(0xBF58476D1CE4E5B9)
    mixed ^= mixed >> np.uint64(27)
    mixed *= np.uint64(0x94D049BB133111EB)
    mixed ^= mixed >> np.uint64(31)
    return mixed
