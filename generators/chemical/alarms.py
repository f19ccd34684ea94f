"""The alarm journal by the state model of ISA-18.2: conditions come and go, operators acknowledge and shelve.

What the limits say is in `alarm_conditions`; here is what becomes of it at the console. A condition that comes while its
alarm is shelved, suppressed or out of service is recorded, but not annunciated. Chance depends on the alarm and the moment
only, so a journal is the same however its time is cut.
"""

from __future__ import annotations

from bisect import insort
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from math import exp
from typing import Any, NamedTuple, TypeAlias
from zoneinfo import ZoneInfo

import numpy as np

from generators.chemical.alarm_conditions import Condition, changes_of
from generators.chemical.calibration import Calibration
from generators.chemical.fleet import Unit
from generators.chemical.limits import BAD_PV, Alarm
from generators.chemical.processes.model import FloatArray
from generators.chemical.record import DayRecord
from generators.engine.streams import stream

NORM, UNACK, ACKED, RTNUN, SHLVD, DSUPR, OOSRV = "NORM", "UNACK", "ACKED", "RTNUN", "SHLVD", "DSUPR", "OOSRV"
AT_THE_CONSOLE = (NORM, UNACK, ACKED, RTNUN)
ALM, RTN, ACK, SHELVE, UNSHELVE = "ALM", "RTN", "ACK", "SHELVE", "UNSHELVE"
SUPPRESS, UNSUPPRESS, OUT_OF_SERVICE, IN_SERVICE = "SUPPRESS", "UNSUPPRESS", "OUT_OF_SERVICE", "IN_SERVICE"
TRANSITIONS = (ALM, RTN, ACK, SHELVE, UNSHELVE, SUPPRESS, UNSUPPRESS, OUT_OF_SERVICE, IN_SERVICE)
BY_AN_OPERATOR = (ACK, SHELVE, OUT_OF_SERVICE, IN_SERVICE)

SECOND = 1_000_000  # time is in µs here
HOUR, DAY = 3600 * SECOND, 86_400 * SECOND
EPOCH = datetime(1970, 1, 1)
RESPONSE_SECONDS = {"low": 120.0, "medium": 75.0, "high": 30.0}  # median from annunciation to acknowledgement
RESPONSE_SPREAD = 0.9  # standard deviation of its logarithm
NIGHT_FACTOR = 2.0
NIGHT_HOURS = (22, 6)  # local time
NUISANCE_COUNT = 5  # annunciations within an hour that make an operator think of shelving
CHANCE_OF_SHELVING = 0.7
SHELF_HOURS = (1, 2, 4, 8)
SUPPRESSION_DELAY = 60 * SECOND  # the logic waits until a shutdown is sure; what sounds before is the flood of the trip
CALIBRATION_MINUTES = (20.0, 90.0)

Row: TypeAlias = dict[str, Any]
OperatorOnShift: TypeAlias = Callable[[Unit, datetime], int | None]


class Happening(NamedTuple):
    """What happens to an alarm, or is due to be done with it; `value` is the reading's where there is one."""

    at_us: int
    transition: str
    value: float | None = None


@dataclass(frozen=True)
class AlarmState:
    """The checkpoint of one alarm at the console. `due` is in order of time; `sounded` are the annunciations of late, in µs."""

    state: str = NORM
    condition_holds: bool = False
    unit_is_suppressed: bool = False
    due: tuple[Happening, ...] = ()
    sounded: tuple[int, ...] = ()


@dataclass(frozen=True)
class UnitAlarms:
    """The checkpoint of a unit's alarms, one entry per alarm, and whether the unit stands."""

    conditions: tuple[Condition, ...]
    states: tuple[AlarmState, ...]
    stands: bool = False


def nobody(unit: Unit, at: datetime) -> int | None:
    """The operator on shift where no roster is kept."""
    return None


def first_alarms(alarms: Sequence[Alarm]) -> UnitAlarms:
    """All alarms in normal state, of a unit that runs."""
    return UnitAlarms((Condition(),) * len(alarms), (AlarmState(),) * len(alarms))


def of_day(
    record: DayRecord, alarms: Sequence[Alarm], before: UnitAlarms, operator_on_shift: OperatorOnShift = nobody
) -> tuple[list[Row], UnitAlarms]:
    """The day's rows of alarm.events in order of time, and the checkpoint at its end."""
    unit, midnight = record.unit, _microseconds(record.day)
    changes, conditions = changes_of(alarms, record.observations, before.conditions)
    suppression, stands = _suppression(record.signals["running"], unit.model.tick_seconds, midnight, before.stands)
    calibration = _calibrations(unit, record.observations.calibrations, record.day)
    states, rows = [], []
    for alarm, state, changed in zip(alarms, before.states, changes, strict=True):
        happenings = [Happening(change.at_us, ALM if change.has_come else RTN, change.value) for change in changed]
        happenings += suppression if alarm.condition != BAD_PV else []
        happenings += calibration.get(alarm.tag.tag_id, [])
        console = Console(unit, alarm, state, happenings)
        rows += console.rows_until(midnight + DAY, operator_on_shift)
        states.append(console.checkpoint())
    rows.sort(key=lambda row: (row["occurred_at"], row["alarm_id"]))  # stable: one alarm's rows stay in order
    first_id = (unit.unit_id * 100_000 + midnight // DAY) * 100_000
    for number, row in enumerate(rows):
        row["event_id"] = first_id + number
    return rows, replace(before, conditions=tuple(conditions), states=tuple(states), stands=stands)


def _suppression(running: FloatArray, tick_seconds: int, midnight: int, stands: bool) -> tuple[list[Happening], bool]:
    """When the unit's logic begins and ceases to suppress its alarms, and whether the unit stands at the end of the day."""
    standing = running[:-1] < 0.5
    happenings = []
    for tick in np.flatnonzero(np.diff(standing, prepend=stands)):
        at = midnight + int(tick) * tick_seconds * SECOND
        happenings.append(Happening(at + SUPPRESSION_DELAY, SUPPRESS) if standing[tick] else Happening(at, UNSUPPRESS))
    return happenings, bool(standing[-1])


def _calibrations(unit: Unit, done: Iterable[Calibration], day: date) -> dict[int, list[Happening]]:
    """The tags that are out of service on a day: from before a calibration until it is done."""
    rng = stream(unit.seed, "alarm.events", "calibration", f"{unit.unit_id}:{day}")
    found = {}
    for calibration in done:
        end = _microseconds_at(calibration.calibrated_at)
        begin = max(end - round(60 * float(rng.uniform(*CALIBRATION_MINUTES))) * SECOND, _microseconds(day))
        if begin < end < _microseconds(day) + DAY:
            found[calibration.tag.tag_id] = [Happening(begin, OUT_OF_SERVICE), Happening(end, IN_SERVICE)]
    return found


class Console:
    """One alarm at the console, from a checkpoint on: what happens to it, and what operators do about it."""

    def __init__(self, unit: Unit, alarm: Alarm, before: AlarmState, happenings: Iterable[Happening]) -> None:
        self._unit, self._alarm = unit, alarm
        self._state, self._holds, self._unit_is_suppressed = before.state, before.condition_holds, before.unit_is_suppressed
        self._due = sorted((*before.due, *happenings), key=_order)
        self._sounded = before.sounded

    def checkpoint(self) -> AlarmState:
        """How the alarm stands, with what is still due."""
        return AlarmState(self._state, self._holds, self._unit_is_suppressed, tuple(self._due), self._sounded)

    def rows_until(self, end: int, operator_on_shift: OperatorOnShift) -> list[Row]:
        """Live through all that is due before `end`: the rows of the journal, without their keys."""
        rows = []
        while self._due and self._due[0].at_us < end:
            happening = self._due.pop(0)
            state = self._state_after(happening)
            if state is None:
                continue
            sounds = state == UNACK
            self._state = state
            if sounds:
                self._sound(happening.at_us)
            elif state not in AT_THE_CONSOLE:
                self._due = [due for due in self._due if due.transition not in (ACK, SHELVE)]
            if happening.transition == SHELVE:
                self._call_for(happening.at_us + self._shelf_time(happening.at_us), UNSHELVE)
            rows.append(self._row(happening, sounds, operator_on_shift))
        return rows

    def _state_after(self, happening: Happening) -> str | None:
        """The state that follows; None when the happening finds nothing to do."""
        state, is_at_the_console = self._state, self._state in AT_THE_CONSOLE
        match happening.transition:
            case "ALM":
                self._holds = True
                return self._at_the_console() if is_at_the_console else state
            case "RTN":
                self._holds = False
                return {UNACK: RTNUN, ACKED: NORM}.get(state, state)
            case "ACK":
                return {UNACK: ACKED, RTNUN: NORM}.get(state)
            case "SHELVE":
                return SHLVD if is_at_the_console else None
            case "UNSHELVE":
                return self._back_at_the_console() if state == SHLVD else None
            case "SUPPRESS":
                self._unit_is_suppressed = True
                return DSUPR if is_at_the_console else None
            case "UNSUPPRESS":
                self._unit_is_suppressed = False
                return self._at_the_console() if state == DSUPR else None
            case "OUT_OF_SERVICE":
                return OOSRV if is_at_the_console else None
            case _:
                return self._back_at_the_console() if state == OOSRV else None

    def _at_the_console(self) -> str:
        """An alarm that only goes to the journal asks nobody to acknowledge it."""
        if not self._holds:
            return NORM
        return ACKED if self._alarm.priority == "journal" else UNACK

    def _back_at_the_console(self) -> str:
        return DSUPR if self._unit_is_suppressed else self._at_the_console()

    def _sound(self, at: int) -> None:
        """The alarm is annunciated: in a while somebody acknowledges it, or has had enough of it and shelves it."""
        self._sounded = (*(earlier for earlier in self._sounded if earlier > at - HOUR), at)
        is_nuisance = len(self._sounded) >= NUISANCE_COUNT and self._alarm.priority != "high"
        rng = stream(self._unit.seed, "alarm.events", "response", f"{self._alarm.alarm_id}:{at}")
        factor = NIGHT_FACTOR if self._is_night(at) else 1.0
        delay = RESPONSE_SECONDS[self._alarm.priority] * factor * exp(RESPONSE_SPREAD * float(rng.standard_normal()))
        shelves = is_nuisance and rng.random() < CHANCE_OF_SHELVING
        if not any(due.transition in (ACK, SHELVE) for due in self._due):
            self._call_for(at + max(1, round(delay)) * SECOND, SHELVE if shelves else ACK)

    def _shelf_time(self, at: int) -> int:
        rng = stream(self._unit.seed, "alarm.events", "shelf time", f"{self._alarm.alarm_id}:{at}")
        return int(rng.choice(SHELF_HOURS)) * HOUR

    def _is_night(self, at: int) -> bool:
        zone = ZoneInfo(self._unit.plant.site.place.time_zone)
        evening, morning = NIGHT_HOURS
        return not morning <= datetime.fromtimestamp(at // SECOND, zone).hour < evening

    def _call_for(self, at: int, transition: str) -> None:
        insort(self._due, Happening(at, transition), key=_order)

    def _row(self, happening: Happening, is_annunciated: bool, operator_on_shift: OperatorOnShift) -> Row:
        alarm, site, plant = self._alarm, self._unit.plant.site, self._unit.plant
        at = EPOCH + timedelta(microseconds=happening.at_us)
        return {
            "org_id": self._unit.org_id,
            "alarm_id": alarm.alarm_id,
            "tag_id": alarm.tag.tag_id,
            "unit_id": self._unit.unit_id,
            "console_code": f"{site.code}-{plant.code}",
            "occurred_at": at,
            "condition": alarm.condition,
            "transition": happening.transition,
            "state_after": self._state,
            "priority": alarm.priority,
            "value": happening.value,
            "limit_value": alarm.limit_value,
            "is_annunciated": is_annunciated,
            "user_id": operator_on_shift(self._unit, at) if happening.transition in BY_AN_OPERATOR else None,
            "created_at": at,
            "updated_at": at,
        }


def _order(happening: Happening) -> tuple[int, int]:
    return happening.at_us, TRANSITIONS.index(happening.transition)


def _microseconds_at(moment: datetime) -> int:
    return round((moment - EPOCH).total_seconds()) * SECOND


def _microseconds(day: date) -> int:
    return (datetime(day.year, day.month, day.day) - EPOCH) // timedelta(microseconds=1)
