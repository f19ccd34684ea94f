"""Named random streams: the only source of randomness.

A stream is determined by the seed, the table, the purpose and the part. Two purposes never share one, so that a new column
changes no other column, and no part depends on which others ran before it.
"""

from __future__ import annotations

import hashlib

import numpy as np


def stream(seed: int, table: str, purpose: str, part: str = "") -> np.random.Generator:
    """A generator that is independent of every other (table, purpose, part) of the same seed."""
    name = "\x1f".join((str(seed), table, purpose, part))
    digest = hashlib.blake2b(name.encode(), digest_size=32).digest()
    return np.random.Generator(np.random.SFC64(np.frombuffer(digest, dtype=np.uint32)))
