"""PI control as a distributed control system does it: velocity form, proportional action on the process value only.

The velocity form needs no separate anti-windup: the output is the only memory, and it is clipped where the valve or pump ends.
"""

from __future__ import annotations

from generators.chemical.compiled import compiled
from generators.chemical.processes.model import MANUAL

OUTPUT_LOW = 0.0  # %
OUTPUT_HIGH = 100.0  # %


@compiled
def pi_output(
    output: float,
    gain: float,
    integral_time_seconds: float,
    set_point: float,
    process_value: float,
    previous_process_value: float,
    tick_seconds: float,
) -> float:
    """The controller's next output in %, from its last one.

    `gain` is in % per unit of the process value and signed: positive when the output must rise with the set point
    (reverse action), negative for direct action. A step of the set point moves the output through the integral only, so an
    operator's change does not kick the valve.
    """
    proportional = gain * (previous_process_value - process_value)
    integral = gain * tick_seconds / integral_time_seconds * (set_point - process_value)
    return min(max(output + proportional + integral, OUTPUT_LOW), OUTPUT_HIGH)


@compiled
def loop_output(
    mode: int,
    output: float,
    output_move: float,
    gain: float,
    integral_time_seconds: float,
    set_point: float,
    process_value: float,
    previous_process_value: float,
    tick_seconds: float,
) -> float:
    """The next output in % of a loop in any mode: in MANUAL it stands, but for what the operator adds."""
    if mode == MANUAL:
        return min(max(output + output_move, OUTPUT_LOW), OUTPUT_HIGH)
    return pi_output(output, gain, integral_time_seconds, set_point, process_value, previous_process_value, tick_seconds)


@compiled
def stuck(command: float, position: float, band: float) -> float:
    """Where a valve goes on a command, in %: it stays until the command is farther than `band` away (0: it follows)."""
    if abs(command - position) > band:
        return command
    return position
