"""A stream is its name: the same in every process, and unlike every other."""

import os
import subprocess
import sys
from itertools import combinations
from pathlib import Path

import numpy as np
import pytest
from scipy import stats

from generators.engine.streams import stream

ROOT = Path(__file__).resolve().parents[2]
NAMES = [
    (1, "oms.orders", "customer", ""),
    (2, "oms.orders", "customer", ""),
    (1, "oms.order_lines", "customer", ""),
    (1, "oms.orders", "price", ""),
    (1, "oms.orders", "customer", "2025-01"),
    (1, "oms.orders", "customer2025-01", ""),  # the same letters, divided otherwise
    (12, "oms.orders", "customer", ""),
    (1, "2oms.orders", "customer", ""),
]


def test_a_stream_is_the_same_each_time() -> None:
    assert stream(*NAMES[0]).random(1000).tolist() == stream(*NAMES[0]).random(1000).tolist()


@pytest.mark.parametrize("hash_seed", ["0", "1", "random"])
def test_a_stream_is_the_same_in_every_process(hash_seed: str) -> None:
    script = f"from generators.engine.streams import stream; print([stream(*name).integers(2**63) for name in {NAMES!r}])"
    shown = subprocess.run(
        [sys.executable, "-c", script],
        env={**os.environ, "PYTHONHASHSEED": hash_seed},
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=True,
    ).stdout
    assert shown.strip() == str([stream(*name).integers(2**63) for name in NAMES])


@pytest.mark.parametrize("pair", list(combinations(NAMES, 2)), ids=str)
def test_two_streams_share_nothing(pair: tuple[tuple[int, str, str, str], tuple[int, str, str, str]]) -> None:
    first, second = (stream(*name).random(10_000) for name in pair)
    assert not np.isin(first, second).any()
    assert stats.pearsonr(first, second).pvalue > 1e-6


def test_streams_of_neighbouring_parts_are_uniform_together() -> None:
    """The first number of each of 20,000 parts: what a part draws once must not depend on its neighbours' names."""
    firsts = np.array([stream(1, "asset.units", "latent", str(part)).random() for part in range(20_000)])
    assert stats.kstest(firsts, "uniform").pvalue > 1e-6
    assert stats.pearsonr(firsts[:-1], firsts[1:]).pvalue > 1e-6
