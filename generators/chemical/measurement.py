"""A unit's day seen through its instruments: every tag scanned on its own grid, with whatever is wrong with it that day."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from math import exp

import numpy as np
from numpy.typing import NDArray

from generators.chemical.defects import DAY_SECONDS, LATE_FILE, NONE, DayOfDefects, Defect
from generators.chemical.fleet import Unit
from generators.chemical.instruments import lagged, observe, stamp
from generators.chemical.processes.model import FloatArray, Signals
from generators.chemical.tags import Tag
from generators.engine.streams import stream

WALK_PER_DAY = 0.15  # standard deviations of the noise by which an instrument's bias wanders in a day
WALK_MEMORY = 0.97  # of the bias from day to day: calibration pulls it back
TRANSPORT_SECONDS = (1.0, 9.0)  # from the instrument to the historian, constant within an hour
NO_DEFECT = Defect(NONE, 0, 0)


@dataclass(frozen=True)
class InstrumentStates:
    """The checkpoint of the measurement layer between two days, one entry per tag."""

    lag: FloatArray
    memory: FloatArray
    bias: FloatArray


@dataclass(frozen=True)
class Found:
    """A defect as it came out: how many readings it changed, lost or delayed."""

    tag: Tag
    defect: Defect
    affected_readings: int


@dataclass(frozen=True)
class Observations:
    """The readings of a day in columns, sorted by tag and time; `value` is NaN where the quality is bad.

    `is_late` marks the readings that an outage held back.
    """

    tag_id: NDArray[np.int32]
    measured_us: NDArray[np.int64]
    ingested_us: NDArray[np.int64]
    value: FloatArray
    quality: NDArray[np.int16]
    is_late: NDArray[np.bool_]
    found: tuple[Found, ...]


def first_states(unit: Unit, signals: Signals) -> InstrumentStates:
    """Sensors have settled; every instrument has the bias it was built with."""
    return InstrumentStates(
        lag=np.array([signals[tag.instrument.observed][0] for tag in unit.tags]),
        memory=np.zeros(len(unit.tags)),
        bias=np.array([tag.bias for tag in unit.tags]),
    )


def observe_day(
    unit: Unit, signals: Signals, states: InstrumentStates, plan: DayOfDefects, day: date
) -> tuple[Observations, InstrumentStates]:
    """Scan every tag over a day of `signals`; returns the readings and the instruments' states after it."""
    capacity = sum(_scans_per_day(tag) for tag in unit.tags)
    tag_id, scan = np.empty(capacity, dtype=np.int32), np.empty(capacity, dtype=np.int32)
    measured_us, ingested_us = np.empty(capacity, dtype=np.int64), np.empty(capacity, dtype=np.int64)
    value, quality = np.empty(capacity, dtype=np.float64), np.empty(capacity, dtype=np.int16)
    is_late = np.zeros(capacity, dtype=np.bool_)
    normals = _normals(unit, day)
    lag, memory, bias = states.lag.copy(), states.memory.copy(), _walk(unit, states.bias, day)
    delays_us = _transport_delays_us(unit, day)
    day_us = int(np.datetime64(day, "us").astype(np.int64))
    found: list[Found] = []
    row = 0
    tick_ms = unit.model.tick_seconds * 1000
    for place, tag in enumerate(unit.tags):
        instrument = tag.instrument
        signal = signals[instrument.observed]
        is_direct = instrument.is_exact or instrument.is_controlled  # what a controller knows, errors included
        if instrument.lag_seconds > 0.0 and not is_direct:
            signal = lagged(signal, lag[place], exp(-unit.model.tick_seconds / instrument.lag_seconds))
            lag[place] = signal[-1]
        defect = plan.of_tag.get(place, NO_DEFECT)
        from_scan, to_scan = _scans_before(tag, defect.from_second), _scans_before(tag, defect.to_second)
        count, memory[place] = observe(
            signal,
            first_tick=tag.phase_ms // tick_ms,
            ticks_per_scan=tag.scan_interval_ms // tick_ms,
            fraction=tag.phase_ms % tick_ms / tick_ms,
            gain=1.0 if is_direct else tag.gain,
            bias_from=0.0 if is_direct else states.bias[place],
            bias_to=0.0 if is_direct else bias[place],
            noise_sd=0.0 if is_direct else tag.noise_sd,
            normals=normals[place],
            memory=memory[place],
            steps_per_unit=tag.steps_per_unit,
            low_step=tag.low_step,
            high_step=tag.high_step,
            defect_kind=defect.kind,
            defect_from=from_scan,
            defect_to=to_scan,
            defect_magnitude=defect.magnitude,
            scan_out=scan[row:],
            value_out=value[row:],
            quality_out=quality[row:],
        )
        rows = slice(row, row + count)
        phase_us, interval_us = tag.phase_ms * 1000, tag.scan_interval_ms * 1000
        stamp(scan[rows], day_us, interval_us, phase_us, delays_us, measured_us[rows], ingested_us[rows])
        tag_id[rows] = tag.tag_id
        if defect.kind == LATE_FILE:
            is_late[row + from_scan : row + to_scan] = True
        if defect.kind != NONE:
            found.append(Found(tag, defect, to_scan - from_scan))
        row += count
    observed = Observations(
        tag_id=tag_id[:row],
        measured_us=measured_us[:row],
        ingested_us=ingested_us[:row],
        value=value[:row],
        quality=quality[:row],
        is_late=is_late[:row],
        found=tuple(found),
    )
    return observed, InstrumentStates(lag, memory, bias)


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


def _walk(unit: Unit, bias: FloatArray, day: date) -> FloatArray:
    """The instruments' biases at the end of the day: a slow walk that stays near what each was built with."""
    rng = stream(unit.seed, "historian.readings", "bias walk", f"{unit.unit_id}:{day}")
    built = np.array([tag.bias for tag in unit.tags])
    kick = np.array([tag.noise_sd * WALK_PER_DAY for tag in unit.tags])
    walked: FloatArray = built + WALK_MEMORY * (bias - built) + kick * rng.standard_normal(len(built))
    return walked


def _transport_delays_us(unit: Unit, day: date) -> NDArray[np.int64]:
    """Delay from instrument to historian for each hour of the day, in whole milliseconds."""
    rng = stream(unit.seed, "historian.readings", "transport", f"{unit.unit_id}:{day}")
    low, high = (round(seconds * 1000) for seconds in TRANSPORT_SECONDS)
    return rng.integers(low, high, 24) * 1000
