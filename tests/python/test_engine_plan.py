"""Counts are exact, near their share, and never change when more follows."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from generators.engine.plan import Part, apportion, exact_counts

INTENSITIES = st.integers(1, 400).flatmap(lambda length: arrays(np.float64, length, elements=st.floats(0.001, 1000)))


@given(INTENSITIES, st.integers(0, 10**9))
def test_counts_are_exact_and_near_their_share(intensity: np.ndarray, total: int) -> None:
    counts = exact_counts(intensity, total)
    assert counts.sum() == total
    assert counts.min() >= 0
    shares = intensity / intensity.sum() * total
    assert np.abs(np.cumsum(counts) - np.cumsum(shares)).max() <= 0.5 + 1e-12 * total
    assert np.abs(counts - shares).max() <= 1 + 1e-12 * total


@given(INTENSITIES, INTENSITIES, st.integers(0, 10**9))
def test_a_longer_horizon_changes_no_earlier_count(first: np.ndarray, more: np.ndarray, total: int) -> None:
    longer = exact_counts(np.concatenate([first, more]), total, through=len(first))
    assert longer[: len(first)].tolist() == exact_counts(first, total).tolist()
    assert longer.min() >= 0


@given(INTENSITIES, st.integers(0, 10**9), st.integers(0, 5))
def test_shares_are_exact_near_their_quota_and_at_least_the_minimum(weights: np.ndarray, spare: int, minimum: int) -> None:
    total = spare + minimum * len(weights)
    counts = apportion(weights, total, minimum)
    assert counts.sum() == total
    assert counts.min() >= minimum
    quotas = weights / weights.sum() * spare + minimum
    assert np.abs(counts - quotas).max() < 1 + 1e-12 * total


@given(INTENSITIES, st.integers(0, 10**6))
def test_a_heavier_weight_never_gets_less(weights: np.ndarray, total: int) -> None:
    by_weight = apportion(weights, total)[np.argsort(weights)]
    assert (np.diff(by_weight) >= 0).all() or _only_ties_differ(weights, by_weight)


def _only_ties_differ(weights: np.ndarray, by_weight: np.ndarray) -> bool:
    drops = np.flatnonzero(np.diff(by_weight) < 0)
    ordered = np.sort(weights)
    return bool(np.isclose(ordered[drops], ordered[drops + 1]).all())


def test_ties_go_to_the_first() -> None:
    assert apportion(np.ones(3), 5).tolist() == [2, 2, 1]


def test_a_minimum_above_the_total_is_refused() -> None:
    with pytest.raises(ValueError, match="5 cannot be shared among 3 with at least 2 each"):
        apportion(np.ones(3), 5, minimum=2)


def test_a_part_is_named_across_families() -> None:
    assert Part("historian", "unit-1", 10).name == "historian.unit-1"
