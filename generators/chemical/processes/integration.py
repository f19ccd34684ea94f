"""The classical Runge-Kutta step of fourth order, taken apart so that every plant model can call its own compiled rates.

numba cannot cache a function that takes another one as its argument. The models spell their time loops out row by row: array
expressions would allocate in the innermost loop, and slice assignments alone cost two seconds of compilation.
"""

from __future__ import annotations

from generators.chemical.compiled import compiled
from generators.chemical.processes.model import FloatArray


@compiled
def shifted(state: FloatArray, slope: FloatArray, step: float, out: FloatArray) -> None:
    """Out = state + step × slope; `out` may be `state` itself."""
    for row in range(len(state)):
        out[row] = state[row] + step * slope[row]


@compiled
def advance(state: FloatArray, slopes: FloatArray, step: float) -> None:
    """Move `state` in place by the weighted mean of the four slopes, shape (4, states)."""
    for row in range(len(state)):
        state[row] += step / 6.0 * (slopes[0, row] + 2.0 * slopes[1, row] + 2.0 * slopes[2, row] + slopes[3, row])
