"""Exact money: whole numbers of hundredths, rounded to a currency's smallest unit, halves away from zero."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

MILLION = 1_000_000


def share_of(amounts: NDArray[np.int64], millionths: NDArray[np.int64], minor_units: NDArray[np.int64]) -> NDArray[np.int64]:
    """`amounts` × `millionths` / 10⁶ in multiples of `minor_units`, halves up; none negative, amounts below 9 × 10¹²."""
    divisors = minor_units * MILLION
    return np.asarray((amounts * millionths + divisors // 2) // divisors * minor_units)
