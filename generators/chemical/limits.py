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
SHARE_OF_JOURNAL = 0.15  # of the alarms that would have low priority: kept for the record, not annunciated
CHANCE_OF_CHATTERING = 0.35  # that a unit has an alarm that is set too tight
CHANCE_OF_STALE = 0.25  # that a unit has an alarm that stands in normal operation
TIGHT = 0.25  # of the distance from normal to a limit that is set with care
WRONG_SIDE = -0.35


@dataclass(frozen=True)
class Alarm:
    """An alarm of a unit: a condition of a tag, by the tag's place in the unit. Limit and dead band are in steps of the tag.

    The condition holds beyond the limit in its `direction`, and is over when the value has come back by the dead band. A bad
    value has direction 0 and no limit. Delays are how long either must last.
    """

    tag: Tag
    place: int
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
    rng = stream(unit.seed, "asset.tag_limits", "priority", str(unit.unit_id))
    alarms = [
        alarm
        for place, tag in enumerate(unit.tags)
        if tag.instrument.limits is not None and tag.instrument in unit.model.instruments
        for alarm in _alarms_of_tag(tag, place, tag.instrument.limits, rng)
    ]
    return tuple(_with_bad_ones(unit, alarms))


def _alarms_of_tag(tag: Tag, place: int, limits: AlarmLimits, rng: np.random.Generator) -> Iterator[Alarm]:
    chances = rng.random(len(CONDITIONS))
    values = (limits.high_high, limits.high, limits.low, limits.low_low)
    for condition, value, chance in zip(CONDITIONS, (*values, None), chances, strict=True):
        if value is None and condition != BAD_PV:
            continue
        yield Alarm(
            tag=tag,
            place=place,
            condition=condition,
            limit_step=None if value is None else _limit_step(tag, limits, value),
            deadband_steps=0 if value is None else max(1, round(limits.deadband * (tag.high_step - tag.low_step))),
            on_delay_seconds=limits.delay_seconds,
            off_delay_seconds=limits.delay_seconds,
            priority=_priority(tag, condition, float(chance)),
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
        return "high" if tag.instrument.is_controlled else "medium"
    if tag.instrument.is_controlled and condition != BAD_PV:
        return "medium"
    return "journal" if chance < SHARE_OF_JOURNAL else "low"


def _with_bad_ones(unit: Unit, alarms: list[Alarm]) -> list[Alarm]:
    """The alarms of a unit, of which one may be set too tight and one on the wrong side of normal operation."""
    rng = stream(unit.seed, "asset.tag_limits", "bad tuning", str(unit.unit_id))
    chatters, stands, *choices = rng.random(4)
    first_limits = [number for number, alarm in enumerate(alarms) if alarm.condition in ("PVHI", "PVLO")]
    if chatters < CHANCE_OF_CHATTERING and first_limits:
        number = first_limits.pop(int(choices[0] * len(first_limits)))
        alarms[number] = replace(_moved(alarms[number], TIGHT), deadband_steps=0, on_delay_seconds=0, off_delay_seconds=0)
    if stands < CHANCE_OF_STALE and first_limits:
        number = first_limits[int(choices[1] * len(first_limits))]
        alarms[number] = _moved(alarms[number], WRONG_SIDE)
    return alarms


def _moved(alarm: Alarm, share: float) -> Alarm:
    """The alarm with its limit at a share of its distance from the normal value, of low priority."""
    assert alarm.limit_step is not None
    normal_step = round(alarm.tag.normal_value * alarm.tag.steps_per_unit)
    return replace(alarm, limit_step=normal_step + round(share * (alarm.limit_step - normal_step)), priority="low")
