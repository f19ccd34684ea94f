"""Choosing by weights: the table that says where to begin changes no choice."""

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from generators.sales.choices import Stretches

WEIGHTS = st.lists(st.one_of(st.integers(0, 3), st.integers(0, 2**50)), min_size=1, max_size=200).filter(any)


@given(WEIGHTS, st.lists(st.floats(0, 1, exclude_max=True), min_size=1))
def test_every_number_lies_in_its_stretch(weights: list[int], shares: list[float]) -> None:
    """Beside a binary search, with stretches of no length, and both ends of each."""
    edges = np.concatenate([[0], np.cumsum(np.array(weights, dtype=np.int64))])
    inside = np.concatenate([edges[:-1], edges[1:] - 1, [int(share * edges[-1]) for share in shares]])
    numbers = inside[(inside >= 0) & (inside < edges[-1])].astype(np.int64)
    assert Stretches(edges).of(numbers).tolist() == (np.searchsorted(edges, numbers, side="right") - 1).tolist()
