"""When the condition of an alarm came and went: a function of the readings and the limits alone, so that SQL can repeat it.

A reading is beyond the limit, or back behind limit ∓ dead band, or between the two. Beyond for the on delay without
interruption, the condition has come; back for the off delay, it has gone. Bad values do not move a limit, and readings that
came late were never seen. A bad value itself is beyond, any other is back.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from generators.chemical.compiled import compiled
from generators.chemical.limits import Alarm
from generators.chemical.measurement import Observations
from generators.chemical.processes.model import FloatArray

LOWEST_USABLE = 64  # OPC DA quality: uncertain and better
NEVER = -1


@dataclass(frozen=True)
class Condition:
    """The checkpoint of an alarm's condition: whether it holds, and since when the readings are beyond and back, in µs."""

    holds: bool = False
    beyond_since: int = NEVER
    back_since: int = NEVER


@dataclass(frozen=True)
class Change:
    """A condition has come or gone at a reading. A bad value is None."""

    at_us: int
    has_come: bool
    value: float | None


def changes_of(
    alarms: Sequence[Alarm], observed: Observations, conditions: Sequence[Condition]
) -> tuple[list[list[Change]], list[Condition]]:
    """For each alarm its changes in order of time, and its condition after the last of the readings."""
    changes: list[list[Change]] = []
    after: list[Condition] = []
    room = len(observed.value)
    rows, came = np.empty(room, dtype=np.int64), np.empty(room, dtype=np.bool_)
    tag_ids = np.array([alarm.tag.tag_id for alarm in alarms], dtype=observed.tag_id.dtype)
    firsts = np.searchsorted(observed.tag_id, tag_ids)
    ends = np.searchsorted(observed.tag_id, tag_ids, side="right")
    for alarm, before, first, end in zip(alarms, conditions, firsts, ends, strict=True):
        own = slice(int(first), int(end))
        count, holds, beyond_since, back_since = _changes(
            observed.measured_us[own],
            observed.value[own],
            observed.quality[own],
            observed.is_late[own],
            direction=alarm.direction,
            steps_per_unit=alarm.tag.steps_per_unit,
            limit_step=alarm.limit_step or 0,
            deadband_steps=alarm.deadband_steps,
            on_delay_us=alarm.on_delay_seconds * 1_000_000,
            off_delay_us=alarm.off_delay_seconds * 1_000_000,
            holds=before.holds,
            beyond_since=before.beyond_since,
            back_since=before.back_since,
            rows=rows,
            came=came,
        )
        after.append(Condition(holds, beyond_since, back_since))
        found = []
        for row, has_come in zip(rows[:count] + own.start, came[:count], strict=True):
            value = float(observed.value[row])
            found.append(Change(int(observed.measured_us[row]), bool(has_come), None if np.isnan(value) else value))
        changes.append(found)
    return changes, after


@compiled
def _changes(
    measured_us: NDArray[np.int64],
    value: FloatArray,
    quality: NDArray[np.int16],
    is_late: NDArray[np.bool_],
    direction: int,
    steps_per_unit: int,
    limit_step: int,
    deadband_steps: int,
    on_delay_us: int,
    off_delay_us: int,
    holds: bool,
    beyond_since: int,
    back_since: int,
    rows: NDArray[np.int64],
    came: NDArray[np.bool_],
) -> tuple[int, bool, int, int]:
    """The rows at which the condition changed and whether it came, written to the last two; returns how many, and the end."""
    count = 0
    for row in range(len(measured_us)):
        if is_late[row]:
            continue
        is_bad = quality[row] < LOWEST_USABLE
        if direction == 0:
            is_beyond, is_back = is_bad, not is_bad
        elif is_bad:
            continue
        else:
            excess = direction * (np.rint(value[row] * steps_per_unit) - limit_step)
            is_beyond, is_back = excess > 0, excess <= -deadband_steps
        at = measured_us[row]
        if not is_beyond:
            beyond_since = NEVER
        elif beyond_since == NEVER:
            beyond_since = at
        if not is_back:
            back_since = NEVER
        elif back_since == NEVER:
            back_since = at
        if not holds and is_beyond and at - beyond_since >= on_delay_us:
            holds = True
        elif holds and is_back and at - back_since >= off_delay_us:
            holds = False
        else:
            continue
        rows[count], came[count] = row, holds
        count += 1
    return count, holds, beyond_since, back_since
