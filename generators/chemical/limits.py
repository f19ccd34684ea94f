"""Alarm limits: what each alarm of a unit is set to, rounded to the resolution of its tag.

Most are set with care. Now and then one is not: set too tight and without dead band or delay it chatters, set on the wrong
side of normal operation it stands for days. Redundant copies of a transmitter have no alarms of their own.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace

import numpy as np

from generators.chemical.fleet import Unit
from generators.chemical.processes.model import AlarmLimits
from generators.chemical.tags import Tag
from generators.engine.streams import stream

CONDITIONS = ("PVHH", "PVHI", "PVLO", "PVLL", "BADPV")
BAD_PV = "BADPV"
DIRECTION = {"PVHH": 1, "PVHI": 1, "PVLO": -1, "PVLL": -1, BAD_PV: 0}
PRIORITIES = ("journal", "low", "medium", "high")
SHARE_OF_JOURNAL = 0.15  # of the alarms that are of little consequence: kept for the record, not annunciated
SHARE_OF_MEDIUM = 0.15  # of the same
SHARE_OF_MEDIUM_IN_LOOPS = 0.40  # of the first limits of controlled values
SHARE_OF_HIGH = 0.35  # of the second limits of what is not controlled
SHARE_TOO_TIGHT = 0.018  # of the first limits of low priority, of which a unit has some twenty
SHARE_ON_THE_WRONG_SIDE = 0.012
TIGHT, WRONG_SIDE = 0.4, -0.35  # of the distance from normal to a limit that is set with care


@dataclass(frozen=True)
class Alarm:
    """An alarm of a unit: a condition of a tag. Limit and dead band are in steps of the tag.

    The condition holds beyond the limit in its `direction`, and is over when the value has come back by the dead band. A bad
    value has direction 0 and no limit. Delays are how long either must last.
    """

    tag: Tag
    condition: str
    limit_step: int | None
    deadband_steps: int
    on_delay_seconds: int
    off_delay_seconds: int
    priority: str

    @property
    def alarm_id(self) -> int:
        """Surrogate key of the alarm."""
        return self.tag.tag_id * 10 + CONDITIONS.index(self.condition) + 1

    @property
    def direction(self) -> int:
        """1 for a high limit, −1 for a low one, 0 for a bad value."""
        return DIRECTION[self.condition]

    @property
    def limit_value(self) -> float | None:
        """The limit in the tag's unit of measure."""
        return None if self.limit_step is None else self.limit_step / self.tag.steps_per_unit

    @property
    def deadband(self) -> float:
        """The dead band in the tag's unit of measure."""
        return self.deadband_steps / self.tag.steps_per_unit


def alarms_of(unit: Unit) -> tuple[Alarm, ...]:
    """All alarms of a unit, in order of their ids."""
    priorities = stream(unit.seed, "asset.tag_limits", "priority", str(unit.unit_id))
    care = stream(unit.seed, "asset.tag_limits", "care", str(unit.unit_id))
    return tuple(
        _badly_set(alarm, float(care.random()))
        for tag in unit.tags
        if tag.instrument.limits is not None and tag.instrument in unit.model.instruments
        for alarm in _alarms_of_tag(tag, tag.instrument.limits, priorities)
    )


def _alarms_of_tag(tag: Tag, limits: AlarmLimits, priorities: np.random.Generator) -> Iterator[Alarm]:
    values = (limits.high_high, limits.high, limits.low, limits.low_low, None)
    for condition, value in zip(CONDITIONS, values, strict=True):
        if value is None and condition != BAD_PV:
            continue
        yield Alarm(
            tag=tag,
            condition=condition,
            limit_step=None if value is None else _limit_step(tag, limits, value),
            deadband_steps=0 if value is None else max(1, round(limits.deadband * (tag.high_step - tag.low_step))),
            on_delay_seconds=limits.delay_seconds,
            off_delay_seconds=limits.delay_seconds,
            priority=_priority(tag, condition, float(priorities.random())),
        )


def _limit_step(tag: Tag, limits: AlarmLimits, value: float) -> int:
    """A limit in steps; one that lies outside the instrument's range could never be reached and stands just inside."""
    if limits.relative:
        value *= tag.normal_value
    elif limits.around:
        value += tag.normal_value
    margin = max(1, (tag.high_step - tag.low_step) // 100)
    return min(max(round(value * tag.steps_per_unit), tag.low_step + margin), tag.high_step - margin)


def _priority(tag: Tag, condition: str, chance: float) -> str:
    """By consequence: the second limit of a controlled value is the last before a trip; most alarms are of low priority."""
    if condition in ("PVHH", "PVLL"):
        return "high" if tag.instrument.is_controlled or chance < SHARE_OF_HIGH else "medium"
    if tag.instrument.is_controlled and condition != BAD_PV:
        return "medium" if chance < SHARE_OF_MEDIUM_IN_LOOPS else "low"
    if chance < SHARE_OF_JOURNAL:
        return "journal"
    return "medium" if chance > 1.0 - SHARE_OF_MEDIUM else "low"


def _badly_set(alarm: Alarm, chance: float) -> Alarm:
    """Too tight and without dead band or delay, or on the wrong side of normal operation, or as it is."""
    if alarm.condition not in ("PVHI", "PVLO") or alarm.priority != "low" or alarm.tag.instrument.is_controlled:
        return alarm  # somebody has looked after the important ones
    if chance < SHARE_TOO_TIGHT:
        return replace(_moved(alarm, TIGHT), deadband_steps=0, on_delay_seconds=0, off_delay_seconds=0)
    return _moved(alarm, WRONG_SIDE) if chance < SHARE_TOO_TIGHT + SHARE_ON_THE_WRONG_SIDE else alarm


def _moved(alarm: Alarm, share: float) -> Alarm:
    """The alarm with its limit at a share of its distance from the normal value."""
    assert alarm.limit_step is not None
    normal_step = round(alarm.tag.normal_value * alarm.tag.steps_per_unit)
    return replace(alarm, limit_step=normal_step + round(share * (alarm.limit_step - normal_step)))
