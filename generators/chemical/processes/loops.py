"""All control loops of a unit at one tick: cascades, bumpless return from manual, and overrides.

A master comes before its slave in the order of the loops. While a slave is not in CASCADE, its master follows where the slave
is, so that closing the cascade again moves nothing. A loop with an override may be in MANUAL only as long as its process value
keeps near its set point; beyond that it, and its slave, control again until the value is back.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from generators.chemical.compiled import compiled
from generators.chemical.control import loop_output
from generators.chemical.processes.model import AUTO, CASCADE, MANUAL, Drive, FloatArray, Loop, Tuning

NO_MASTER = -1
NO_OVERRIDE = np.inf


class Control(NamedTuple):
    """The controllers of a unit, one entry per loop: tuning, masters, and how far from its set point a loop may be in MANUAL.

    The set point of a slave goes from `slave_low` to `slave_high` as its master's output goes from 0 to 100 %.
    """

    gains: FloatArray  # % per unit of process value
    integral_times: FloatArray  # s
    masters: NDArray[np.int64]
    slave_low: FloatArray
    slave_high: FloatArray
    overrides: FloatArray


def control_of(
    loops: Sequence[Loop],
    tuning: Tuning,
    slave_ranges: dict[int, tuple[float, float]],
    overrides: dict[int, float] | None = None,
) -> Control:
    """The controllers of a unit, from the ranges of its slaves' set points and the overrides by loop."""
    count, bands = len(loops), overrides or {}
    return Control(
        gains=tuning.gains,
        integral_times=tuning.integral_times,
        masters=np.array([NO_MASTER if loop.master is None else loop.master for loop in loops]),
        slave_low=np.array([slave_ranges.get(loop, (0.0, 100.0))[0] for loop in range(count)]),
        slave_high=np.array([slave_ranges.get(loop, (0.0, 100.0))[1] for loop in range(count)]),
        overrides=np.array([bands.get(loop, NO_OVERRIDE) for loop in range(count)]),
    )


def master_output(set_point: float, slave_range: tuple[float, float]) -> float:
    """The output in % at which a master asks its slave for `set_point`."""
    low, high = slave_range
    return (set_point - low) / (high - low) * 100.0


@compiled
def control_tick(
    control: Control,
    drive: Drive,
    tick: int,
    process_values: FloatArray,
    set_points: FloatArray,
    outputs: FloatArray,
    tick_seconds: float,
) -> None:
    """Fill the column `tick` of `set_points` and `outputs`, (loops, columns), from the one before and the process values.

    At tick 0 the outputs are those of the checkpoint, and stay.
    """
    for loop in range(len(control.gains)):
        value, master = process_values[loop, tick], control.masters[loop]
        mode = drive.modes[loop, tick]
        if mode == MANUAL:
            watched = loop if master == NO_MASTER else master
            distance = abs(process_values[watched, tick] - drive.set_points[watched, tick])
            if distance > control.overrides[watched]:
                mode = AUTO if master == NO_MASTER else CASCADE
        low, high = control.slave_low[loop], control.slave_high[loop]
        set_point = drive.set_points[loop, tick]
        if master != NO_MASTER:
            if mode == CASCADE:
                set_point = low + outputs[master, tick] / 100.0 * (high - low)
            elif mode == MANUAL:
                set_point = value
            if mode != CASCADE and drive.modes[master, tick] != MANUAL and tick > 0:
                outputs[master, tick] = min(max((set_point - low) / (high - low) * 100.0, 0.0), 100.0)
        set_points[loop, tick] = set_point
        if tick > 0:
            outputs[loop, tick] = loop_output(
                mode,
                outputs[loop, tick - 1],
                drive.output_moves[loop, tick],
                control.gains[loop],
                control.integral_times[loop],
                set_point,
                value,
                process_values[loop, tick - 1],
                tick_seconds,
            )
