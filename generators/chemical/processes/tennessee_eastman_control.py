"""The control of the Tennessee Eastman process: nineteen loops in velocity form, cascades, a pressure override, analysers.

After Russell, Chiang and Braatz, "Data-driven Methods for Fault Detection and Diagnosis in Chemical Processes" (2000), and
their published program, which closes the loops of Downs and Vogel (1993). The loops stand in the order of their scan.
"""

from __future__ import annotations

from math import inf
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from generators.chemical.compiled import compiled
from generators.chemical.processes.model import AUTO, CASCADE, MANUAL, FloatArray, Tuning
from generators.chemical.processes.tennessee_eastman_physics import ANALYSES, GAS_ANALYSES

SCAN_SECONDS = 3
GAS_SECONDS = 360  # period of the analysers of gases and of the loops on them
PRODUCT_SECONDS = 900


class ControlLoop(NamedTuple):
    """One loop by its published number. It moves a valve (XMV, from 1) or the set point of the loop `slave`."""

    number: int
    measurement: int  # XMEAS, from 1
    set_point: float
    span: float  # of the measurement
    gain: float  # % of output for one % of span; signed
    reset_seconds: float  # infinite: proportional only
    valve: int = 0
    slave: int = 0
    period: int = SCAN_SECONDS


CONTROL_LOOPS = (
    ControlLoop(1, 2, 3664.0, 5811.0, 1.0, inf, valve=1),  # D feed flow
    ControlLoop(2, 3, 4509.3, 8354.0, 1.0, inf, valve=2),  # E feed flow
    ControlLoop(3, 1, 0.25052, 1.017, 1.0, inf, valve=3),  # A feed flow
    ControlLoop(4, 4, 9.3477, 15.25, 1.0, inf, valve=4),  # A and C feed flow
    ControlLoop(5, 5, 26.902, 53.0, -0.083, 1.0, valve=5),  # recycle flow
    ControlLoop(6, 10, 0.33712, 1.0, 1.22, inf, valve=6),  # purge flow
    ControlLoop(7, 12, 50.0, 70.0, -2.06, inf, valve=7),  # separator level
    ControlLoop(8, 15, 50.0, 70.0, -1.62, inf, valve=8),  # stripper level
    ControlLoop(9, 19, 230.31, 460.0, 0.41, inf, valve=9),  # steam flow
    ControlLoop(10, 21, 94.599, 150.0, -1.56, 1452.0, valve=10),  # outlet temperature of the reactor's cooling water
    ControlLoop(11, 17, 22.949, 46.0, 1.09, 2600.0, valve=11),  # product flow, by the condenser's cooling water
    ControlLoop(16, 18, 65.731, 130.0, 0.169, 236.0, slave=9),  # stripper temperature
    ControlLoop(17, 8, 75.0, 50.0, 1.11, 3168.0, slave=4),  # reactor level
    ControlLoop(18, 9, 120.4, 150.0, 28.3, 982.0, slave=10),  # reactor temperature
    ControlLoop(13, 23, 32.188, 100.0, 18.0, 3168.0, slave=3, period=GAS_SECONDS),  # A in the reactor feed
    ControlLoop(14, 26, 6.882, 100.0, 8.3, 3168.0, slave=1, period=GAS_SECONDS),  # D in the reactor feed
    ControlLoop(15, 27, 18.776, 100.0, 2.37, 5069.0, slave=2, period=GAS_SECONDS),  # E in the reactor feed
    ControlLoop(19, 30, 13.823, 26.0, -83.2 / 15.0, 6336.0, slave=6, period=GAS_SECONDS),  # B in the purge
    ControlLoop(20, 38, 0.8357, 1.6, -3.26, 12408.0, slave=16, period=PRODUCT_SECONDS),  # E in the product
)
LOOPS = len(CONTROL_LOOPS)
FAST_LOOPS = 14  # the first of them; the rest are on analysers

_PLACE = {loop.number: place for place, loop in enumerate(CONTROL_LOOPS)}
MEASURED = np.array([loop.measurement - 1 for loop in CONTROL_LOOPS])
VALVE = np.array([loop.valve - 1 for loop in CONTROL_LOOPS])  # −1: a master
SLAVE = np.array([_PLACE.get(loop.slave, -1) for loop in CONTROL_LOOPS])  # −1: moves a valve
SPANS = np.array([loop.span for loop in CONTROL_LOOPS])
PERIODS = np.array([loop.period for loop in CONTROL_LOOPS])
USUAL_MODES = np.array([CASCADE if place in SLAVE else AUTO for place in range(LOOPS)], dtype=np.int8)

START_OUTPUTS = (63.053, 53.980, 24.644, 61.302, 22.210, 40.064, 38.100, 46.534, 47.446, 41.106, 18.114, 50.0)  # %

# The override of the purge by the pressure of the separator, kPa.
PURGE = _PLACE[6]
PURGE_VALVE = 5
OPEN_ABOVE, SHUT_BELOW, RELEASE_AT = 2950.0, 2300.0, 2633.7
RELEASED_OUTPUT, RELEASED_SET_POINT = 40.060, 0.33712
NORMAL, OPEN, SHUT = 0.0, 1.0, 2.0


class Controllers(NamedTuple):
    """What the control system remembers."""

    outputs: FloatArray  # (12,), % to the valves; the agitator is constant
    errors: FloatArray  # (19,), of the last scan
    set_points: FloatArray  # (19,)
    override: FloatArray  # (1,), NORMAL, OPEN or SHUT


def published_tuning() -> Tuning:
    """The tuning of the published control; an infinite integral time is a proportional loop."""
    return Tuning(
        gains=np.array([100.0 * loop.gain / loop.span for loop in CONTROL_LOOPS]),
        integral_times=np.array([loop.reset_seconds for loop in CONTROL_LOOPS]),
    )


@compiled
def _override(controllers: Controllers, pressure: float) -> bool:
    """Whether the override acts on the purge in this scan."""
    flag = controllers.override[0]
    if pressure >= OPEN_ABOVE or (flag == OPEN and pressure >= RELEASE_AT):
        controllers.outputs[PURGE_VALVE] = 100.0
        controllers.override[0] = OPEN
    elif flag == OPEN or (flag == SHUT and pressure > RELEASE_AT):
        controllers.outputs[PURGE_VALVE] = RELEASED_OUTPUT
        controllers.set_points[PURGE] = RELEASED_SET_POINT
        controllers.errors[PURGE] = 0.0
        controllers.override[0] = NORMAL
    elif pressure <= SHUT_BELOW or flag == SHUT:
        controllers.outputs[PURGE_VALVE] = 0.0
        controllers.override[0] = SHUT
    else:
        return False
    return True


@compiled
def scan(
    controllers: Controllers,
    gains: FloatArray,
    integral_times: FloatArray,
    seconds: int,
    process_values: FloatArray,
    separator_pressure: float,
    modes: NDArray[np.int8],
) -> None:
    """One scan of the loops whose period divides `seconds`, on `process_values` of all loops, in their units.

    `gains` are in % per unit of the process value, `integral_times` in s, infinite for a proportional loop. A loop in MANUAL
    only follows its error, so it comes back without a bump. A master moves its slave while that is in CASCADE.
    """
    for loop in range(LOOPS):
        if seconds % PERIODS[loop] != 0 or (loop == PURGE and _override(controllers, separator_pressure)):
            continue
        error = controllers.set_points[loop] - process_values[loop]
        move = gains[loop] * (error - controllers.errors[loop] + error * PERIODS[loop] / integral_times[loop])
        controllers.errors[loop] = error
        if modes[loop] == MANUAL:
            continue
        slave = SLAVE[loop]
        if slave < 0:
            controllers.outputs[VALVE[loop]] += move
        elif modes[slave] == CASCADE:
            controllers.set_points[slave] += move * SPANS[slave] / 100.0


@compiled
def clip(outputs: FloatArray) -> None:
    """A valve ends at 0 and 100 %. Set points are not limited, as published."""
    for valve in range(len(outputs)):
        outputs[valve] = min(max(outputs[valve], 0.0), 100.0)


@compiled
def release(seconds: int, present: FloatArray, taken: FloatArray, shown: FloatArray) -> None:
    """The analysers show what they took in a period ago, and take in what is there: 14 analyses of gases, 5 of the product."""
    for analysis in range(ANALYSES):
        if seconds % (GAS_SECONDS if analysis < GAS_ANALYSES else PRODUCT_SECONDS) == 0:
            shown[analysis] = taken[analysis]
            taken[analysis] = present[analysis]
