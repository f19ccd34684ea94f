"""A unit's day seen through its instruments: every tag scanned on its own grid, with whatever is wrong with it that day.

Each tag goes through three steps: its instrument is scanned, the readings are thinned out where the site does that, and what
is left is stamped and sent to the historian.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date
from math import exp

import numpy as np
from numpy.typing import NDArray

from generators.chemical.calibration import Calibration, calibrated, first_biases, visits, walked_biases
from generators.chemical.compression import NEVER_REPORTED, report_exceptions, swing_door
from generators.chemical.defects import (
    CLOCK_SKEW,
    COMMUNICATION_GAP,
    DAY_SECONDS,
    DUPLICATE,
    LATE_FILE,
    NONE,
    SPIKE,
    DayOfDefects,
    Defect,
)
from generators.chemical.fleet import Unit
from generators.chemical.instruments import is_spike, lagged, observe
from generators.chemical.processes.model import FloatArray, Signals
from generators.chemical.tags import Tag
from generators.chemical.transport import RESEND_US, stamp, transport_delays_us
from generators.engine.streams import stream

NO_DEFECT = Defect(NONE, 0, 0)
NEVER = -1  # no scan


@dataclass(frozen=True)
class InstrumentStates:
    """The checkpoint of the measurement layer between two days, one entry per tag.

    `last_value` and `last_quality` are those of the day's last reading, which is where exception reporting and compression go
    on from.
    """

    lag: FloatArray
    memory: FloatArray
    bias: FloatArray
    last_value: FloatArray
    last_quality: NDArray[np.int16]

    def copy(self) -> InstrumentStates:
        """The same in arrays of their own."""
        return InstrumentStates(
            self.lag.copy(), self.memory.copy(), self.bias.copy(), self.last_value.copy(), self.last_quality.copy()
        )


@dataclass(frozen=True)
class Found:
    """A defect as it came out: how many readings bear its mark, and how many scans left none."""

    tag: Tag
    defect: Defect
    affected_readings: int
    lost_scans: int


@dataclass(frozen=True)
class Observations:
    """The readings of a day in columns, sorted by tag, time and seq; `value` is NaN where the quality is bad.

    `is_late` marks the readings that an outage held back.
    """

    tag_id: NDArray[np.int32]
    measured_us: NDArray[np.int64]
    seq: NDArray[np.int16]
    ingested_us: NDArray[np.int64]
    value: FloatArray
    quality: NDArray[np.int16]
    is_late: NDArray[np.bool_]
    found: tuple[Found, ...]
    calibrations: tuple[Calibration, ...]


def first_states(unit: Unit, signals: Signals, day: date) -> InstrumentStates:
    """Sensors have settled; every instrument has the bias to which it has wandered since its last calibration."""
    return InstrumentStates(
        lag=np.array([signals[tag.instrument.observed][0] for tag in unit.tags]),
        memory=np.zeros(len(unit.tags)),
        bias=first_biases(unit, day),
        last_value=np.zeros(len(unit.tags)),
        last_quality=np.full(len(unit.tags), NEVER_REPORTED, dtype=np.int16),
    )


def observe_day(
    unit: Unit, signals: Signals, states: InstrumentStates | None, plan: DayOfDefects, day: date
) -> tuple[Observations, InstrumentStates]:
    """Scan every tag over a day of `signals`; returns the readings and the instruments' states after it.

    `states` is None on the first day of a history.
    """
    watch = _Watch(unit, signals, states or first_states(unit, signals, day), plan, day)
    for place in range(len(unit.tags)):
        defect, rows = watch.scan(place)
        watch.send(place, defect, watch.thin_out(place, rows))
    return watch.observations(), watch.states


class _Watch:
    """A day under way: columns that fill tag by tag, and the states that move on."""

    def __init__(self, unit: Unit, signals: Signals, states: InstrumentStates, plan: DayOfDefects, day: date) -> None:
        self._unit, self._signals, self._plan, self._day = unit, signals, plan, day
        self.states = states.copy()
        self._bias_to = walked_biases(unit, states.bias, day)
        self._visits = visits(unit, plan, day)
        self._normals = _normals(unit, day)
        self._delays_us = transport_delays_us(unit, day)
        self._day_us = int(np.datetime64(day, "us").astype(np.int64))
        room = sum(_scans_per_day(tag) for tag in unit.tags)
        room += sum(_scans_per_day(unit.tags[place]) for place, defect in plan.of_tag.items() if defect.kind == DUPLICATE)
        self._tag_id, self._scan = np.empty(room, dtype=np.int32), np.empty(room, dtype=np.int32)
        self._measured_us, self._ingested_us = np.empty(room, dtype=np.int64), np.empty(room, dtype=np.int64)
        self._value, self._quality = np.empty(room, dtype=np.float64), np.empty(room, dtype=np.int16)
        self._seq, self._is_late = np.zeros(room, dtype=np.int16), np.zeros(room, dtype=np.bool_)
        self._found: list[Found] = []
        self._calibrations: list[Calibration] = []
        self._end = 0

    def scan(self, place: int) -> tuple[Defect, slice]:
        """Every scan of a tag that leaves a reading; returns its rows, and its defect as it turned out."""
        tag, states, tick_seconds = self._unit.tags[place], self.states, self._unit.model.tick_seconds
        instrument, tick_ms = tag.instrument, tick_seconds * 1000
        signal = self._signals[instrument.observed]
        is_direct = instrument.is_exact or instrument.is_controlled  # what a controller knows, errors included
        if instrument.lag_seconds > 0.0 and not is_direct:
            signal = lagged(signal, states.lag[place], exp(-tick_seconds / instrument.lag_seconds))
            states.lag[place] = signal[-1]
        defect = self._plan.of_tag.get(place, NO_DEFECT)
        if defect.kind == SPIKE and signal[defect.from_second // tick_seconds] > tag.middle:
            defect = replace(defect, magnitude=-defect.magnitude)
        calibrated_scan, bias_left = self._calibrate(place)
        rows = slice(self._end, None)
        count, states.memory[place] = observe(
            signal,
            first_tick=tag.phase_ms // tick_ms,
            ticks_per_scan=tag.scan_interval_ms // tick_ms,
            fraction=tag.phase_ms % tick_ms / tick_ms,
            gain=1.0 if is_direct else tag.gain,
            bias_from=0.0 if is_direct else states.bias[place],
            bias_to=0.0 if is_direct else self._bias_to[place],
            calibrated_scan=NEVER if is_direct else calibrated_scan,
            bias_left=bias_left,
            noise_sd=0.0 if is_direct else tag.noise_sd,
            normals=self._normals[place],
            memory=states.memory[place],
            steps_per_unit=tag.steps_per_unit,
            low_step=tag.low_step,
            high_step=tag.high_step,
            defect_kind=defect.kind,
            defect_from=_scans_before(tag, defect.from_second),
            defect_to=_scans_before(tag, defect.to_second),
            defect_magnitude=defect.magnitude,
            scan_out=self._scan[rows],
            value_out=self._value[rows],
            quality_out=self._quality[rows],
        )
        states.bias[place] = self._bias_to[place] if calibrated_scan == NEVER else bias_left
        return defect, slice(self._end, self._end + count)

    def _calibrate(self, place: int) -> tuple[int, float]:
        """The first scan after the tag's calibration today and the bias that it leaves, if there is one."""
        visit = self._visits.get(place)
        if visit is None:
            return NEVER, 0.0
        share = visit.second / DAY_SECONDS
        bias = float((1.0 - share) * self.states.bias[place] + share * self._bias_to[place])
        done = calibrated(self._unit, place, visit, self._day, bias)
        self._calibrations.append(done)
        left = bias if self._unit.tags[place].instrument.is_controlled else done.as_left_error
        return _scans_before(self._unit.tags[place], visit.second), left

    def thin_out(self, place: int, rows: slice) -> slice:
        """Exception reporting and compression, where the tag has them; returns the rows that are left."""
        tag, states = self._unit.tags[place], self.states
        settings, scan_seconds = tag.compression, tag.instrument.scan_seconds
        last_value, last_quality = float(states.last_value[place]), int(states.last_quality[place])
        states.last_value[place], states.last_quality[place] = self._value[rows.stop - 1], self._quality[rows.stop - 1]
        if settings is None:
            return rows
        count = report_exceptions(
            self._scan[rows],
            self._value[rows],
            self._quality[rows],
            deviation=settings.exception_deviation,
            longest=settings.exception_max_seconds // scan_seconds,
            sends_previous=settings.door is not None,
            last_value=last_value,
            last_quality=last_quality,
        )
        if settings.door is not None:
            sent = slice(rows.start, rows.start + count)
            count = swing_door(
                self._scan[sent],
                self._value[sent],
                self._quality[sent],
                deviation=settings.door.deviation,
                longest=settings.door.max_seconds // scan_seconds,
                last_value=last_value,
                last_quality=last_quality,
            )
        return slice(rows.start, rows.start + count)

    def send(self, place: int, defect: Defect, rows: slice) -> None:
        """Stamp the readings and send them, by a slow clock, late or twice where that is the tag's defect."""
        tag = self._unit.tags[place]
        phase_us, interval_us = tag.phase_ms * 1000, tag.scan_interval_ms * 1000
        measured_us, ingested_us = self._measured_us[rows], self._ingested_us[rows]
        stamp(self._scan[rows], self._day_us, interval_us, phase_us, self._delays_us, measured_us, ingested_us)
        if defect.kind != NONE:
            rows = self._spoil(place, defect, rows)
        self._tag_id[rows] = tag.tag_id
        self._end = rows.stop

    def _spoil(self, place: int, defect: Defect, rows: slice) -> slice:
        """What becomes of the readings under way, and how many bear the mark of the tag's defect; returns their rows."""
        tag, scan = self._unit.tags[place], self._scan[rows]
        from_scan, to_scan = _scans_before(tag, defect.from_second), _scans_before(tag, defect.to_second)
        first, end = np.searchsorted(scan, (from_scan, to_scan))
        affected = int(end - first)
        if defect.kind == SPIKE:
            affected = int(np.count_nonzero(is_spike(scan[first:end] - from_scan)))
        elif defect.kind == LATE_FILE:
            self._is_late[rows][first:end] = True
        elif defect.kind == CLOCK_SKEW:
            self._measured_us[rows][first:end] += round(defect.magnitude * 1_000_000)
            self._sort(rows)
        elif defect.kind == DUPLICATE:
            rows = self._send_again(rows, int(first), int(end))
        lost = to_scan - from_scan - affected if defect.kind == COMMUNICATION_GAP else 0
        self._found.append(Found(tag, defect, affected, lost))
        return rows

    def _sort(self, rows: slice) -> None:
        """By time: the clock has jumped back among readings that were stamped before."""
        order = np.argsort(self._measured_us[rows], kind="stable")
        for column in (self._measured_us, self._ingested_us, self._value, self._quality):
            column[rows] = column[rows][order]

    def _send_again(self, rows: slice, first: int, end: int) -> slice:
        """Each of the readings from `first` to `end` comes a second time, right behind itself."""
        times = np.ones(rows.stop - rows.start, dtype=np.int64)
        times[first:end] = 2
        source = np.repeat(np.arange(rows.start, rows.stop), times)
        longer = slice(rows.start, rows.start + len(source))
        for column in (self._measured_us, self._ingested_us, self._value, self._quality):
            column[longer] = column[source]
        again = slice(rows.start + first + 1, rows.start + 2 * end - first, 2)
        self._seq[again] = 1
        self._ingested_us[again] += RESEND_US
        return longer

    def observations(self) -> Observations:
        """All that was sent."""
        end = self._end
        return Observations(
            tag_id=self._tag_id[:end],
            measured_us=self._measured_us[:end],
            seq=self._seq[:end],
            ingested_us=self._ingested_us[:end],
            value=self._value[:end],
            quality=self._quality[:end],
            is_late=self._is_late[:end],
            found=tuple(self._found),
            calibrations=tuple(self._calibrations),
        )


def _scans_per_day(tag: Tag) -> int:
    return DAY_SECONDS // tag.instrument.scan_seconds


def _scans_before(tag: Tag, second: int) -> int:
    """How many scans of a day lie before a second of it: scan k is at phase + k × interval."""
    return max(0, -((tag.phase_ms - second * 1000) // tag.scan_interval_ms))


def _normals(unit: Unit, day: date) -> list[NDArray[np.float32]]:
    """One standard normal per scan of every tag that has noise, drawn in one block."""
    rng = stream(unit.seed, "historian.readings", "instrument noise", f"{unit.unit_id}:{day}")
    counts = [0 if tag.instrument.is_exact or tag.instrument.is_controlled else _scans_per_day(tag) for tag in unit.tags]
    block = rng.standard_normal(sum(counts), dtype=np.float32)
    return np.split(block, np.cumsum(counts)[:-1])
